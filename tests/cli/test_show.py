import pytest

from cleaner.cli.show import before_and_after, printable
from cleaner.document import Removal
from cleaner.labels import Label
from cleaner.report import Cleaned, Report


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("  a\n\tb ", 0, "a b"),
        ("abcdef", 4, "abc\N{HORIZONTAL ELLIPSIS}"),
        ("abcd", 4, "abcd"),
        ("\x1b[2J\x07\udcff", 0, "\N{REPLACEMENT CHARACTER}[2J" + "\N{REPLACEMENT CHARACTER}" * 2),
        ("ünï\u202eçode", 0, "ünï\N{REPLACEMENT CHARACTER}çode"),
    ],
)
def test_text_is_made_fit_for_a_terminal(text, width, shown):
    assert printable(text, width) == shown


def test_removed_lines_and_stretches_are_marked():
    text = "Advertisement\nOne () two Click three.\nShare this\nEnd."
    bounds = [(0, 14, Label.AD), (18, 21, Label.ARTIFACT), (25, 31, Label.SOCIAL), (38, 49, Label.SOCIAL)]
    removed = tuple(Removal(start, end, text[start:end], label, "rule:x", 1.0) for start, end, label in bounds)
    report = Report("a", len(text), 4, removed)
    assert before_and_after(text, Cleaned(report.replay(text), report)).splitlines() == [
        "--- before: a",
        "        ad | Advertisement",
        "           | One [artifact: () ]two [social: Click ]three.",
        "    social | Share this",
        "           | End.",
        "--- after: a",
        "           | One two three.",
        "           | End.",
    ]
