import json

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.errors import MissingExtra
from cleaner.lab import weak
from cleaner.lab.alignment import State
from cleaner.lab.extractors import Extractor
from cleaner.lab.weak import weak_documents, write_weak

BODY = [
    "The city council of Halden voted on Monday to close the old bridge for repairs, officials said late at night.",
    "Engineers had warned for years that the steel supports were badly corroded and could fail in a hard winter.",
    "Work is expected to begin in April and to end in the autumn, if the weather and the money hold out that long.",
]
CRUFT = "Sign up for the Halden Herald newsletter"
PAGE = (
    "<html lang='de-AT'><head><title>Bridge to close - Halden Herald</title></head><body><ul><li>Home<li>Sport</ul>"
    "<article><h1>Bridge to close</h1><p>{}</p><p>{}</p><div>{}</div><p>{}</p></article></body></html>"
).format(*BODY[:2], CRUFT, BODY[2])


def text_of(html):
    """Stand in for an extractor: one line an element."""
    lines = [piece.partition(">")[2] for piece in html.partition("<body>")[2].split("<")]
    return "\n".join(line for line in lines if line.strip())


def full(page):
    return text_of(page.html)


def article(page):
    return text_of("<body>" + page.html.partition("<article>")[2])


def clean(_):
    return "\n".join(BODY)


def failing(page):
    raise ValueError(page)


def tool(name, run, kind="residual"):
    return Extractor(name, name, kind, run)


@pytest.fixture(autouse=True)
def extractors(monkeypatch):
    def use(*tools):
        monkeypatch.setattr(weak, "EXTRACTORS", tools)

    use(tool("article", article), tool("twin", article), tool("failing", failing), tool("full", full, "page"))
    pytest.importorskip("resiliparse")
    pytest.importorskip("readability")
    pytest.importorskip("justext")
    pytest.importorskip("trafilatura")
    return use


@pytest.fixture
def pages(tmp_path):
    def write(**fields):
        record = {"id": "a", "html": PAGE, "domain": "halden.example", "text_gold": "\n\n".join(BODY), **fields}
        path = tmp_path / "herald.jsonl"
        path.write_text(json.dumps(record) + "\n", encoding="utf-8")
        return [path]

    return write


def test_foreign_lines_stand_in_their_surroundings(pages):
    first, second = weak_documents(pages(page_type="article"))
    assert first == {
        "id": "a#article",
        "source": "weak:herald:article",
        "site": "halden.example",
        "lang": "de",
        "kind": "residual",
        "sample": "weak",
        "weight": 0.5,
        "lines": ("Bridge to close", *BODY[:2], CRUFT, BODY[2]),
        "states": ("unknown", "kept", "kept", "foreign", "kept"),
    }
    assert second["kind"] == "page"
    assert second["lines"][:2] == ("Home", "Sport")
    assert second["states"][:2] == ("foreign", "foreign")


def test_snippets_leave_all_other_lines_unknown(pages):
    found = {"text_gold": "", "snippets_with": ["voted on Monday"], "snippets_without": ["Herald newsletter"]}
    (first, _) = weak_documents(pages(**found, html=PAGE.replace(CRUFT, "Herald newsletter!")))
    assert first["states"] == ("unknown", "kept", "unknown", "foreign", "unknown")


def test_pages_whose_gold_was_cut_short_are_left_out(extractors, pages):
    extractors(*(tool(name, lambda page, name=name: f"{name}\n{article(page)}") for name in ("a", "b", "readability")))
    tally = weak.Counter()
    assert not list(weak_documents(pages(text_gold=BODY[0]), tally))
    assert tally["gold cut short"] == 1
    assert len(list(weak_documents(pages()))) == 3


@pytest.mark.parametrize(
    "fields", [{"page_type": "forum"}, {"html": ""}, {"html": "x" * (weak.LARGEST + 1)}, {"text_gold": ""}]
)
def test_pages_that_cannot_teach_are_counted(pages, fields):
    tally = weak.Counter()
    assert not list(weak_documents(pages(**fields), tally))
    assert tally.total() == 2


def test_half_of_the_clean_documents_are_kept_always_the_same(extractors, pages):
    extractors(tool("clean", clean))
    taken = [bool(list(weak_documents(pages(id=str(number))))) for number in range(60)]
    assert taken == [bool(list(weak_documents(pages(id=str(number))))) for number in range(60)]
    assert 15 < sum(taken) < 45


@pytest.mark.parametrize("name", ["weak.jsonl", "weak.jsonl.zst"])
def test_the_command_writes_what_the_library_yields(pages, tmp_path, name):
    words = ["weak", *map(str, pages()), "-o", str(tmp_path / name)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0
    assert "1  failed: failing" in result.stderr
    records = [record for _, record in weak.read_records(tmp_path / name)]
    assert records == [json.loads(json.dumps(record)) for record in weak_documents(pages())]


def test_counts_name_states_by_kind(pages, tmp_path):
    tally = write_weak(pages(), tmp_path / "weak.jsonl")
    assert tally["documents"] == 2
    assert tally["page foreign"] == 3
    assert tally["residual kept"] == 3


def test_without_the_extractors_the_install_line_is_given(monkeypatch, pages):
    def missing():
        raise MissingExtra("making weak labels", "weak")

    monkeypatch.setattr(weak, "packages", missing)
    with pytest.raises(MissingExtra, match=r"cleaner\[weak\]"):
        next(weak_documents(pages()))


def test_states_are_written_as_words():
    assert json.dumps([State.KEPT, State.FOREIGN]) == '["kept", "foreign"]'
