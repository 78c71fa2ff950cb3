"""Web servers for this machine alone: where they listen, whom they answer, how long they wait."""

from cleaner.loopback.address import PLACES, listen, url_of
from cleaner.loopback.bodies import parse_json, read_body, refuse_encoding
from cleaner.loopback.guard import Guard
from cleaner.loopback.refusals import Refusal
from cleaner.loopback.running import run

__all__ = ["PLACES", "Guard", "Refusal", "listen", "parse_json", "read_body", "refuse_encoding", "run", "url_of"]
