"""A review while it goes on: what is done, what is begun, and what comes next."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cleaner.errors import InputError
from cleaner.labels import KEPT, LABELS, Label
from cleaner.review.decisions import Decisions, checked, decisions_of, record_of
from cleaner.review.gathering import Item, Pool, head_of
from cleaner.review.saved import SavedLabels

KEYS: Mapping[Label, str] = dict(zip(LABELS, "bhrdfusanycmlot", strict=True))
"""The letter that sets each label: one of its name, the first where it can be."""


class Session:
    """Answers what the page asks; every change is on disk before it returns."""

    def __init__(self, pool: Pool, saved: SavedLabels, lang: str) -> None:
        self._pool, self._saved, self._lang = pool, saved, lang
        self._numbers = {item.key: number for number, item in enumerate(pool.items)}

    def state(self) -> dict[str, Any]:
        """Return progress, counts by label, and the number of the document to look at; None when all are done."""
        done = [item.key in self._saved.records for item in self._pool.items]
        counts = self._counts()
        quoted = shlex.quote(str(self._saved.path))
        return {
            "total": len(done),
            "done": sum(done),
            "next": done.index(False) if False in done else None,
            "last": self._last(),
            "file": str(self._saved.path),
            "adapt": f"cleaner adapt {quoted} -o model",
            "train": f"cleaner train {quoted} -o model\ncleaner evaluate {quoted}",
            "records": len(self._saved.records),
            "choice": self._pool.choice(),
            "labels": [
                {"name": label.value, "key": KEYS[label], "kept": label in KEPT, "count": counts[label.value]}
                for label in LABELS
            ],
        }

    def document(self, number: int) -> dict[str, Any]:
        """Return a document with what was decided about it: by its draft, else by its record, else by the machine."""
        item = self._item(number)
        one = item.judged
        record, draft = self._saved.records.get(item.key), self._saved.drafts.get(item.key)
        decided = self._decided(item)
        return {
            "number": number,
            "id": one.document.id,
            "why": _why(item),
            "done": record is not None,
            "begun": draft is not None,
            "lines": [
                {
                    "text": line.text,
                    "source": verdict.source,
                    "score": round(float(verdict.score), 4),
                    "doubtful": one.is_doubtful(at),
                    "odd": one.odd[at],
                }
                for at, (line, verdict) in enumerate(zip(one.page.lines, one.verdicts, strict=True))
            ],
            "decided": decided.as_dict(),
            "machine": one.decided.as_dict(),
        }

    def draft(self, number: int, value: Any) -> None:
        """Hold on to corrections of a document that is not finished; raises `InputError` for what does not fit."""
        item = self._item(number)
        decided = checked(value, item.judged.page.lines)
        record = self._saved.records.get(item.key)
        same = decided == (_recorded(item, record) if record else item.judged.decided)
        self._saved.keep_draft(item.key, None if same else decided.as_dict())

    def accept(self, number: int, value: Any) -> None:
        """Save the labels of a document; raises `InputError` for what does not fit it."""
        item = self._item(number)
        decided = checked(value, item.judged.page.lines)
        head = head_of(item.judged, self._lang)
        self._saved.save(item.key, {**head, **record_of(item.judged.page, decided)})

    def reopen(self, number: int) -> None:
        """Take the record of a document back and go on with it as a draft."""
        item = self._item(number)
        if item.key in self._saved.records:
            # The draft first: if the program ends in between, the work is in both places and in neither lost.
            self._saved.keep_draft(item.key, self._decided(item).as_dict())
            self._saved.take_back(item.key)

    def _decided(self, item: Item) -> Decisions:
        record, draft = self._saved.records.get(item.key), self._saved.drafts.get(item.key)
        if draft is not None:
            # One made by another version of the splitter does not fit any more.
            with suppress(InputError):
                return checked(draft, item.judged.page.lines)
        return item.judged.decided if record is None else _recorded(item, record)

    def _item(self, number: int) -> Item:
        if not 0 <= number < len(self._pool.items):
            raise InputError(f"there are {len(self._pool.items)} documents, and none with number {number}")
        return self._pool.items[number]

    def _last(self) -> int | None:
        """Return the number of the document saved last, which undo goes back to."""
        return next((self._numbers[key] for key in reversed(self._saved.records) if key in self._numbers), None)

    def _counts(self) -> Counter[str]:
        """Count lines and spans with each label over all records of the file."""
        counts: Counter[str] = Counter()
        for record in self._saved.records.values():
            counts.update(name for name in record["labels"] if name is not None)
            counts.update(span["label"] for span in record.get("spans") or ())
        return counts


def _recorded(item: Item, record: Mapping[str, Any]) -> Decisions:
    return decisions_of(item.judged.page, record) or item.judged.decided


def _why(item: Item) -> str:
    """Say in words why a document comes early."""
    one, reasons = item.judged, item.reasons
    near, odd = one.near, sum(one.odd)
    told = [
        f"{near} {'line' if near == 1 else 'lines'} near the threshold" if near else "",
        f"rules and model differ on {odd} {'line' if odd == 1 else 'lines'}" if odd else "",
        f"rare label: {reasons.rarest.value}" if reasons.rarest is not None and reasons.rarity >= 0.2 else "",
    ]
    return "; ".join(filter(None, told)) or "nothing doubtful"
