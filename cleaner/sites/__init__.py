"""Site memory: which lines a site repeats from document to document."""

from cleaner.sites.cutting import cut
from cleaner.sites.evidence import lifts
from cleaner.sites.folding import keys_of
from cleaner.sites.learning import MIXED, Learned, Learning, learn, merge
from cleaner.sites.memory import Known, Memory
from cleaner.sites.naming import SITE, site_of, site_of_address
from cleaner.sites.storage import Stored, digest_of, load_memory, stored_memory

__all__ = [
    "MIXED",
    "SITE",
    "Known",
    "Learned",
    "Learning",
    "Memory",
    "Stored",
    "cut",
    "digest_of",
    "keys_of",
    "learn",
    "lifts",
    "load_memory",
    "merge",
    "site_of",
    "site_of_address",
    "stored_memory",
]
