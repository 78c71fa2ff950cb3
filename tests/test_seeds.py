import json
from pathlib import Path

from cleaner import Cleaner, Document
from cleaner.labels import KEPT, Label

SEEDS = Path(__file__).parents[1] / "seeds"


def expected(gold):
    """What must be found: (start, end) of each line to its label, and the spans."""
    lines, spans, at = {}, set(), 0
    for number, (text, label) in enumerate(zip(gold["lines"], gold["labels"], strict=True)):
        if label is not None:
            lead = len(text) - len(text.lstrip())
            lines[at + lead, at + lead + len(text.strip())] = Label(label)
        spans |= {
            (at + span["start"], at + span["end"], Label(span["label"]))
            for span in gold["spans"]
            if span["line"] == number + 1
        }
        at += len(text) + 1
    return lines, spans


def differences(name, text, gold):
    page, verdicts, spans = Cleaner().explain(Document(name, text))
    lines, stretches = expected(gold)
    found = {(line.start, line.end): verdict for line, verdict in zip(page.lines, verdicts, strict=True)}
    if found.keys() != lines.keys():
        yield f"{name}: split otherwise at {sorted(found.keys() ^ lines.keys())}"
    for (start, end), label in lines.items():
        verdict = found.get((start, end))
        if verdict is None or (verdict.label is label and (verdict.keep or label not in KEPT)):
            continue
        if not (verdict.label is label is Label.HEADLINE and verdict.source == "repeat"):
            yield f"{name}: {label} is taken for {verdict}: {text[start:end][:100]!r}"
    cut = {
        (page.lines[number].start + span.start, page.lines[number].start + span.end, span.label)
        for number, of_line in spans.items()
        for span in of_line
    }
    for start, end, label in sorted(stretches - cut):
        yield f"{name}: {label} is not found inside: {text[start:end]!r}"
    for start, end, label in sorted(cut - stretches):
        yield f"{name}: {label} is found inside, wrongly: {text[start:end]!r}"


def test_the_seeds_come_out_as_their_gold_says():
    records = [json.loads(line) for line in (SEEDS / "gold.jsonl").read_text("utf-8").splitlines()]
    assert len(records) == 5
    wrong = []
    for gold in records:
        with (SEEDS / gold["id"]).open(encoding="utf-8", newline="") as file:
            wrong += differences(gold["id"], file.read(), gold)
    assert not wrong, "\n".join([f"{len(wrong)} differences", *wrong])
