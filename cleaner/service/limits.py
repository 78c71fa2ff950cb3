"""What one request may cost, and how many are served at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each of them answers with an error of its own when it is reached."""

    body_bytes: int = 5_000_000
    """Of a request, as it is sent: a thousand articles. One text of 20 MB in short lines takes 2.7 GB while it is
    cleaned, measured; a batch is cleaned in chunks and takes far less."""
    documents: int = 1_000
    """In a batch."""
    seconds: float = 60.0
    """For waiting and cleaning. A body has to come in within this time too."""
    threads: int = 2
    """Requests that are cleaned at a time, so that a small one does not wait behind a large one."""
    waiting: int = 16
    """Requests that are held beside those; with more the answer is 503."""
