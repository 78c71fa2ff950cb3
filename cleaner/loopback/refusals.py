"""A request that is turned down: what was wrong and what to do, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cleaner.errors import CleanerError


class Refusal(CleanerError):
    """A request that is not served; the answer has the status, and says why and what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        reason: str,
        remedy: str,
        *,
        place: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.place = place
        self.headers = dict(headers or {})
        super().__init__(f"{code}: {reason}; {remedy}")

    def as_dict(self) -> dict[str, Any]:
        """Return what the answer says."""
        return {"code": self.code, "reason": self.reason, "remedy": self.remedy, "place": self.place}

    def body(self) -> bytes:
        """Return the answer; a lone surrogate in it is escaped, which ASCII can carry."""
        return json.dumps({"error": self.as_dict()}).encode("ascii") + b"\n"

    def messages(self) -> Sequence[dict[str, Any]]:
        """Return the answer as the two messages of ASGI."""
        body = self.body()
        headers = {"content-type": "application/json", "content-length": str(len(body)), **self.headers}
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        return (
            {"type": "http.response.start", "status": self.status, "headers": raw},
            {"type": "http.response.body", "body": body},
        )


def failure() -> Refusal:
    """Return the answer where the fault is ours; what it was stands in the log, not in the answer."""
    return Refusal(
        500,
        "internal-error",
        "the request could not be finished because of a fault in this program",
        "the log names the place; report it with the version of cleaner",
    )
