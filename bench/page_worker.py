"""One peer in a process of its own: `python -m bench.page_worker PEER`, a page in and its text out, line by line.

A page is a JSON object with `html` and `lang`, an answer one with `text` and `fault`. The first
line out says that the peer is ready, or what it lacks. Whoever asks can end the process when an
answer does not come, which no clock inside it could promise: a parser in C does not look at clocks.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any, TextIO

from cleaner.errors import CleanerError
from cleaner.lab.page_peers import Extract, load, named


def main(name: str, pages: TextIO, answers: TextIO) -> None:
    """Answer until there are no more pages."""
    # What tools log about single pages is no news to whoever runs thousands.
    logging.disable(logging.CRITICAL)
    try:
        extract = load(named(name))
    except CleanerError as error:
        _say(answers, {"missing": str(error)})
        return
    _say(answers, {"ready": True})
    for line in pages:
        _say(answers, _answer(extract, json.loads(line)))


def _answer(extract: Extract, page: dict[str, str]) -> dict[str, str]:
    try:
        text = extract(page["html"], page["lang"])
        if not isinstance(text, str):
            return {"text": "", "fault": "crash", "reason": f"returned {type(text).__name__}"}
    except Exception as error:  # noqa: BLE001 -- a tool may fail in any way; that is counted
        return {"text": "", "fault": "crash", "reason": repr(error)}
    return {"text": text, "fault": ""}


def _say(answers: TextIO, record: dict[str, Any]) -> None:
    answers.write(json.dumps(record) + "\n")
    answers.flush()


if __name__ == "__main__":
    # What a tool prints must not be taken for an answer.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as out:
        os.dup2(2, 1)
        main(sys.argv[1], sys.stdin, out)
