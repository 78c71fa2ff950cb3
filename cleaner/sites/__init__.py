"""Site memory: which lines a site repeats from document to document."""

from cleaner.sites.evidence import lifts
from cleaner.sites.firstpass import first_pass
from cleaner.sites.learning import Learned, learn, merge
from cleaner.sites.memory import Known, Memory
from cleaner.sites.naming import SITE, site_of, site_of_address
from cleaner.sites.storage import digest_of, load_memory

__all__ = [
    "SITE",
    "Known",
    "Learned",
    "Memory",
    "digest_of",
    "first_pass",
    "learn",
    "lifts",
    "load_memory",
    "merge",
    "site_of",
    "site_of_address",
]
