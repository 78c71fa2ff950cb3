from cleaner.document import Removal
from cleaner.labels import LABELS, Label
from cleaner.report import Report
from cleaner.view import Found
from cleaner.view.sample import LONGEST, Sample, doubt, payload

TEXT = "Advertisement\nThe board met on Monday and voted to close the old pier for the winter."


def found(name, score=0.99, note="", text=TEXT, known=True):
    report = Report(name, len(text), 2, (Removal(0, 14, "Advertisement\n", Label.AD, "model", score),), note=note)
    return Found(report, text=text if known else None)


def sampled(count, budget, **settings):
    sample = Sample(budget)
    for number in range(count):
        special = {key: value(number) for key, value in settings.items()}
        sample.add(number, found(f"doc {number}", **special))
    return sample


def test_all_documents_are_shown_while_they_fit():
    sample = sampled(20, 1_000_000)
    assert sample.complete
    assert [shown.number for shown in sample.documents()] == list(range(20))


def test_of_more_the_flagged_the_doubtful_and_some_others_are_shown():
    sample = sampled(
        2000, 40_000, note=lambda n: "look" if n == 1234 else "", score=lambda n: 0.4 if n in (77, 1999) else 0.99
    )
    shown = [one.number for one in sample.documents()]
    assert not sample.complete
    assert {77, 1234, 1999} <= set(shown)
    assert shown == sorted(set(shown))
    assert 40 < len(shown) <= 100
    others = [number for number in shown if number > 1000]
    assert len(shown) / 4 < len(others) < 3 * len(shown) / 4  # from all over the report
    again = sampled(
        2000, 40_000, note=lambda n: "look" if n == 1234 else "", score=lambda n: 0.4 if n in (77, 1999) else 0.99
    )
    assert shown == [one.number for one in again.documents()]


def test_a_document_is_its_stretches():
    (shown,) = sampled(1, 1000).documents()
    assert shown.stretches == (("Advertisement\n", "ad", "model", 0.99), TEXT[14:])
    assert shown.whole


def test_without_its_text_the_gaps_are_counted():
    sample = Sample(1000)
    sample.add(0, found("a", known=False))
    (shown,) = sample.documents()
    assert shown.stretches == (("Advertisement\n", "ad", "model", 0.99), len(TEXT) - 14)
    assert not shown.whole


def test_a_long_document_is_shortened_and_says_by_how_much():
    text = TEXT + "x" * 3 * LONGEST
    sample = Sample(10)
    sample.add(0, found("a", text=text))
    (shown,) = sample.documents()
    assert sum(part if isinstance(part, int) else len(part if isinstance(part, str) else part[0])
               for part in shown.stretches) == len(text)  # fmt: skip
    assert sum(len(part) for part in shown.stretches if isinstance(part, str)) < 1000


def test_many_stretches_end_somewhere():
    piece = "Advertisement\nBoard\n"
    text = piece * (3 * LONGEST // len(piece))
    removed = tuple(
        Removal(at, at + 14, "Advertisement\n", Label.AD, "model", 0.9) for at in range(0, len(text), len(piece))
    )
    sample = Sample(10)
    sample.add(0, Found(Report("a", len(text), 2, removed), text=text))
    (shown,) = sample.documents()
    assert isinstance(shown.stretches[-1], int)
    assert shown.stretches[-1] >= len(text) - LONGEST - len(piece)


def test_doubt_counts_the_characters_that_may_be_body():
    assert round(doubt(found("a", score=0.75).report), 6) == 14 / 4


def test_the_payload_numbers_labels_and_sources():
    data = payload(sampled(2, 10_000).documents(), [label.value for label in LABELS])
    assert data["sources"] == ["model"]
    first = data["documents"][0]
    assert first["text"] == [["Advertisement\n", LABELS.index(Label.AD), 0, 0.99], TEXT[14:]]
    assert (first["id"], first["chars"], first["kept"]) == ("doc 0", len(TEXT), len(TEXT) - 14)
