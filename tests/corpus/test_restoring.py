import gzip
import json
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, visible_text
from cleaner.corpus.job import Writing
from cleaner.corpus.plan import Asked, PageFiles, plan_run
from cleaner.corpus.records import write_literal
from cleaner.corpus.reports import rows
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.errors import InputError, OutputError, ReportError
from cleaner.split import TEXT, kind_of, kind_of_bytes

ENGINE = Cleaner(rules_only=True)
ODD = tomllib.loads((Path(__file__).parent / "odd_lines.toml").read_text(encoding="utf-8"))["line"]
MARKS = (b"\xff\xfe", b"\xfe\xff", b"%PDF-")  # of UTF-16 and PDF, which are refused
# Cruft, stray bytes, halves of characters, and line ends of all kinds.
PIECES = [
    b"Advertisement",
    b"() ",
    b"word",
    b"Share this",
    b"\n",
    b"\r\n",
    b"\r",
    b"\xc3",
    b"\xa9",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
]
raw_files = (st.binary() | st.lists(st.sampled_from(PIECES) | st.binary(max_size=5)).map(b"".join)).filter(
    lambda raw: b"\0" not in raw and not raw.startswith(MARKS) and kind_of_bytes(raw) == TEXT
)
# Lone surrogates too, which JSON can hold. Of what looks like a page only its visible text would come back.
texts = st.text(st.characters(exclude_categories=())).filter(lambda text: kind_of(text) == TEXT)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def there_and_back(path, folder):
    plan = plan_run([path], str(folder / "clean") + path.suffix)
    clean_corpus(ENGINE, plan, Settings())
    restore_files(plan.out, plan.reports, folder / f"back{path.suffix}")
    return plan, folder / f"back{path.suffix}"


@quick
@given(raw_files)
def test_any_file_comes_back_to_the_byte(tmp_path, raw):
    (tmp_path / "a.txt").write_bytes(raw)
    assert there_and_back(tmp_path / "a.txt", tmp_path)[1].read_bytes() == raw


@quick
@given(st.lists(texts))
def test_records_with_their_original_come_back_to_the_byte(tmp_path, found):
    raw = "".join('{"text": "\u00e9' + json.dumps(text)[1:] + "}\n" for text in found)
    (tmp_path / "a.jsonl").write_text(raw, encoding="utf-8")
    plan = plan_run([tmp_path / "a.jsonl"], str(tmp_path / "clean.jsonl"))
    clean_corpus(ENGINE, plan, Settings(writing=Writing("text_original")))
    kept = [json.loads(line)["text_original"] for line in plan.out.read_bytes().splitlines()]
    assert kept == [json.loads(line)["text"] for line in raw.splitlines()]
    restore_files(plan.out, plan.reports, tmp_path / "back.jsonl")
    assert (tmp_path / "back.jsonl").read_text(encoding="utf-8") == raw


@quick
@given(st.lists(st.tuples(st.sampled_from(ODD), texts, st.booleans(), st.booleans())), st.sampled_from(["\n", "\r\n"]))
def test_records_come_back_to_the_byte_and_keep_keys_and_order(tmp_path, dirty, records, end):
    bodies = [(line, text + dirty if cruft else text, style) for line, text, cruft, style in records]
    lines = [line.replace("TEXT", write_literal(text, "ascii" if plain else "utf8")) for line, text, plain in bodies]
    (tmp_path / "a.jsonl").write_bytes("".join(line + end for line in lines).encode("utf-8"))
    plan, back = there_and_back(tmp_path / "a.jsonl", tmp_path)
    assert back.read_bytes() == (tmp_path / "a.jsonl").read_bytes()
    written = [json.loads(line) for line in plan.out.read_bytes().splitlines()]
    assert [list(record) for record in written] == [list(json.loads(line)) for line in lines]


def test_a_folder_comes_back_with_its_tree(corpus, tmp_path):
    plan = plan_run([corpus], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings())
    restored = restore_files(tmp_path / "out", plan.reports, tmp_path / "back")
    assert (restored.files, restored.documents, restored.unknown) == (3, 23, ())
    for name in ("a.txt", "empty.txt"):
        assert (tmp_path / "back" / name).read_bytes() == (corpus / name).read_bytes()
    good = [line for number, line in enumerate(lines_of(corpus / "sub/b.jsonl"), 1) if number not in (22, 23)]
    assert lines_of(tmp_path / "back/sub/b.jsonl") == good


def test_files_without_records_come_back_too(corpus, tmp_path):
    (corpus / "blank.jsonl").write_bytes(b"\r\n \n")
    plan = plan_run([corpus], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings())
    restored = restore_files(tmp_path / "out", plan.reports, tmp_path / "back")
    assert (tmp_path / "back/blank.jsonl").read_bytes() == b"\r\n \n"
    assert restored.files == 4


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


def test_one_file_of_a_folder_comes_back_by_itself(corpus, tmp_path):
    plan = plan_run([corpus], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings())
    restore_files(tmp_path / "out/sub/b.jsonl", plan.reports, tmp_path / "b.jsonl")
    assert lines_of(tmp_path / "b.jsonl")[:21] == lines_of(corpus / "sub/b.jsonl")[:21]


def test_packed_records_come_back(tmp_path, dirty):
    raw = (json.dumps({"text": dirty, "é": 1}) + "\n").encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(raw))
    plan = plan_run([tmp_path / "a.jsonl.gz"], str(tmp_path / "clean.jsonl.gz"))
    clean_corpus(ENGINE, plan, Settings())
    restore_files(plan.out, plan.reports, tmp_path / "back.jsonl.gz")
    assert gzip.decompress((tmp_path / "back.jsonl.gz").read_bytes()) == raw


def test_files_that_the_report_does_not_know_are_named_and_left_alone(corpus, tmp_path):
    plan = plan_run([corpus], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings())
    (tmp_path / "out/new.txt").write_bytes(b"")
    assert restore_files(tmp_path / "out", plan.reports, tmp_path / "back").unknown == ("new.txt",)


@pytest.fixture
def cleaned(tmp_path, dirty):
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": dirty}) + "\n" for _ in range(3)), encoding="utf-8")
    plan = plan_run([tmp_path / "in.jsonl"], str(tmp_path / "clean.jsonl"))
    clean_corpus(ENGINE, plan, Settings())
    return plan


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: lines[:2], "has fewer records than the report"),
        (lambda lines: [*lines, lines[0]], "has more records than the report, from line 4 on"),
        (lambda lines: [b"broken\n", *lines[1:]], "line 1 is not valid JSON"),
        (lambda lines: [b'{"text": "other"}\n', *lines[1:]], "belongs to .* clean characters, not 5"),
    ],
)
def test_a_clean_file_that_was_changed_is_refused_and_nothing_written(cleaned, tmp_path, change, message):
    cleaned.out.write_bytes(b"".join(change(lines_of(cleaned.out))))
    with pytest.raises(ReportError, match=message):
        restore_files(cleaned.out, cleaned.reports, tmp_path / "back.jsonl")
    assert not (tmp_path / "back.jsonl").exists()


def test_a_report_that_knows_no_such_file_says_so(corpus, tmp_path):
    plan = plan_run([corpus], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings())
    shutil.copy(tmp_path / "out/a.txt", tmp_path / "foreign.txt")
    with pytest.raises(ReportError, match=r"knows no file 'foreign.txt'; it has 3 files"):
        restore_files(tmp_path / "foreign.txt", plan.reports, tmp_path / "back.txt")


def test_a_report_with_two_records_of_one_file_is_refused(tmp_path):
    record = {"id": "a.txt", "chars": 0, "lines": 0, "removed": []}
    (tmp_path / "r.jsonl").write_text(f"{json.dumps(record)}\n" * 2, encoding="utf-8")
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(ReportError, match=r"more than one record of 'a\.txt'"):
        restore_files(tmp_path / "a.txt", [tmp_path / "r.jsonl"], tmp_path / "back.txt")


def test_a_report_cannot_lead_out_of_the_folder(corpus, tmp_path):
    record = {"id": "../evil.txt", "chars": 0, "lines": 0, "removed": []}
    (tmp_path / "r.jsonl").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ReportError, match="lies outside"):
        restore_files(corpus, [tmp_path / "r.jsonl"], tmp_path / "back")


def test_what_is_read_is_never_overwritten(cleaned):
    for target in (cleaned.out, *cleaned.reports):
        with pytest.raises(OutputError, match="is the input itself"):
            restore_files(cleaned.out, cleaned.reports, target)


def test_a_missing_clean_file_is_named(cleaned, tmp_path):
    with pytest.raises(InputError, match=r"gone\.txt: does not exist"):
        restore_files(tmp_path / "gone.txt", cleaned.reports, tmp_path / "back.txt")


PAGE = "<!doctype html><p>The board met.</p><p>Advertisement</p><p>It voted () on Monday.</p>"


def cleaned_pages(folder, **options):
    """Clean a folder with a text, two pages and records of both kinds."""
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_bytes(b"The board met.\r\nAdvertisement\xff\r\n")
    (folder / "in" / "a.html").write_text(PAGE, encoding="utf-8")
    (folder / "in" / "b.htm").write_text(PAGE + "<p>Share this", encoding="utf-8")
    records = [{"id": "x", "text": PAGE}, {"text": "Advertisement\nThe board met."}]
    (folder / "in" / "r.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    plan = plan_run([folder / "in"], str(folder / "out"), Asked(pages=PageFiles(**options)))
    clean_corpus(ENGINE, plan, Settings())
    return plan


@pytest.mark.parametrize("saved", [True, False])
def test_of_pages_the_visible_text_comes_back(tmp_path, saved):
    plan = cleaned_pages(tmp_path, visible=tmp_path / "seen" if saved else None)
    restore_files(tmp_path / "out", plan.reports, tmp_path / "back")
    assert (tmp_path / "back" / "a.html.txt").read_text("utf-8") == visible_text(PAGE)
    assert (tmp_path / "back" / "b.txt").read_text("utf-8") == visible_text(f"{PAGE}<p>Share this")
    assert (tmp_path / "back" / "a.txt").read_bytes() == (tmp_path / "in" / "a.txt").read_bytes()
    first, second = (tmp_path / "back" / "r.jsonl").read_text("utf-8").splitlines()
    assert json.loads(first) == {"id": "x", "text": visible_text(PAGE)}
    assert second == (tmp_path / "in" / "r.jsonl").read_text("utf-8").splitlines()[1]
    if saved:
        assert (tmp_path / "seen" / "a.html.txt").read_text("utf-8") == visible_text(PAGE)
        assert json.loads((tmp_path / "seen" / "r.jsonl").read_text("utf-8")) == json.loads(first)


def test_saved_visible_text_is_what_the_report_replays(tmp_path):
    plan = cleaned_pages(tmp_path, visible=tmp_path / "seen")
    pages = [row for row in rows(plan.reports[0]) if row.page and not row.line]
    assert pages
    for row in pages:
        seen = (plan.reports[0].parent / row.page.visible).read_text("utf-8")
        assert row.report.replay(seen) == (tmp_path / "out" / row.clean_name).read_text("utf-8")


def test_markdown_is_not_restored_but_its_visible_text_named(tmp_path):
    plan = cleaned_pages(tmp_path, to="markdown", visible=tmp_path / "seen")
    with pytest.raises(ReportError, match=r"was written as markdown, .* in \.\./seen/b\.htm\.txt"):
        restore_files(tmp_path / "out" / "b.md", plan.reports, tmp_path / "back")
