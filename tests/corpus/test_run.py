import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from cleaner import Cleaner
from cleaner.corpus.parts import Reading
from cleaner.corpus.plan import plan_run
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.errors import InputError

ENGINE = Cleaner(rules_only=True)


def run(path, out, settings=None):
    plan = plan_run([path], str(out))
    return clean_corpus(ENGINE, plan, settings or Settings()), plan


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_comes_out_with_its_tree_its_report_and_its_rejects(corpus, tmp_path):
    outcome, _ = run(corpus, tmp_path / "out")
    written = files(tmp_path / "out")
    assert sorted(written) == [
        "a.txt",
        "empty.txt",
        "manifest.json",
        "rejects.jsonl",
        "report.jsonl",
        "sub/b.jsonl",
        "sub/b.jsonl.report.jsonl",
    ]
    assert written["empty.txt"] == b""
    assert b"Advertisement" not in written["a.txt"]
    assert written["a.txt"].endswith(b"caf\xe9\n")
    assert outcome.total.documents == 23
    assert outcome.rejected == 2
    assert outcome.stray == {str(corpus / "a.txt"): 1}


def test_every_document_has_a_report_in_input_order(corpus, tmp_path):
    _, plan = run(corpus, tmp_path / "out")
    ids = [json.loads(line)["id"] for report in plan.reports for line in report.read_bytes().splitlines()]
    assert ids == ["a.txt", "empty.txt", *(f"doc{number}" for number in range(20)), "sub/b.jsonl:24"]


def test_rejects_say_file_line_reason_and_bytes(corpus, tmp_path):
    _, plan = run(corpus, tmp_path / "out")
    first, second = (json.loads(line) for line in plan.rejects.read_bytes().splitlines())
    assert first["file"] == str(corpus / "sub/b.jsonl")
    assert (first["line"], first["raw"]) == (22, '{"text": 5}\n')
    assert second["reason"].startswith("is not valid JSON")


def test_keys_and_blank_lines_of_records_stay_in_their_order(corpus, tmp_path):
    run(corpus, tmp_path / "out")
    lines = (tmp_path / "out/sub/b.jsonl").read_text(encoding="utf-8").splitlines()
    assert [list(json.loads(line)) for line in lines[:20]] == [["n", "text", "id"]] * 20
    assert lines[20] == ""
    assert len(lines) == 22


def test_processes_change_no_byte(corpus, tmp_path):
    run(corpus, tmp_path / "one")
    run(corpus, tmp_path / "two", Settings(jobs=2))
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    del one["manifest.json"], two["manifest.json"]  # which tell times
    assert one == two


def test_strict_stops_at_the_first_and_leaves_nothing_half_written(corpus, tmp_path):
    with pytest.raises(InputError, match=r'b\.jsonl, line 22: holds a number in "text"'):
        run(corpus / "sub", tmp_path / "out", Settings(strict=True))
    assert files(tmp_path / "out") == {}


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_run_ends_at_the_reject_that_is_one_too_many(tmp_path, most):
    (tmp_path / "in.jsonl").write_bytes(b"broken\n" * 3)
    reason = rf"in\.jsonl: is one reject more than the {most} that are allowed: .*line {most + 1}: is not valid JSON"
    with pytest.raises(InputError, match=reason):
        run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", Settings(max_rejects=most))
    assert list(files(tmp_path)) == ["in.jsonl"]


def test_as_many_rejects_as_are_allowed_do_not_end_a_run(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(b"broken\n" * 3)
    outcome, _ = run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", Settings(max_rejects=3))
    assert outcome.rejected == 3


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_a_run_that_is_interrupted_early_leaves_nothing(corpus, tmp_path, interruption):
    class Interrupted:
        def clean_many(self, documents):
            for count, cleaned in enumerate(ENGINE.clean_many(documents)):
                if count == 10:
                    raise interruption
                yield cleaned

    plan = plan_run([corpus], str(tmp_path / "out"))
    with pytest.raises(interruption):
        clean_corpus(Interrupted(), plan, Settings())
    assert files(tmp_path / "out") == {}


def test_a_document_that_brings_the_engine_down_is_rejected_and_the_others_go_on(corpus, tmp_path):
    class Fragile:
        def clean_many(self, documents):
            for document in documents:
                if document.id == "doc7":
                    raise RecursionError("too deep")
                yield from ENGINE.clean_many([document])

    outcome = clean_corpus(Fragile(), plan_run([corpus], str(tmp_path / "out")), Settings())
    assert (outcome.total.documents, outcome.rejected) == (22, 3)
    reject = json.loads((tmp_path / "out/rejects.jsonl").read_bytes().splitlines()[0])
    assert (reject["line"], reject["reason"]) == (
        8,
        "could not be cleaned: RecursionError: too deep; please report this document",
    )


def test_a_single_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a\0b")
    with pytest.raises(InputError, match="holds NUL bytes"):
        run(tmp_path / "a.txt", tmp_path / "out.txt")
    assert list(files(tmp_path)) == ["a.txt"]


def test_an_unreadable_file_among_others_has_no_output(corpus, tmp_path):
    (corpus / "b.txt").write_bytes(b"a\0b")
    outcome, _ = run(corpus, tmp_path / "out")
    assert not (tmp_path / "out/b.txt").exists()
    assert outcome.rejected == 3


def test_a_truncated_gzip_is_written_as_far_as_it_goes(tmp_path, dirty):
    lines = [json.dumps({"text": f"{dirty}{number**97}"}) for number in range(300)]
    whole = gzip.compress("\n".join(lines).encode())
    (tmp_path / "in.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    outcome, plan = run(tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl.gz")
    written = gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()).splitlines()
    assert 10 < len(written) == outcome.total.documents < 300
    assert "gzip data are broken after line" in json.loads(plan.rejects.read_bytes())["reason"]


def test_an_empty_jsonl_file_becomes_an_empty_one(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(b"")
    _, plan = run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert plan.reports[0].read_bytes() == b""


def test_a_field_whose_name_is_no_utf8_can_be_named(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(b'{"t\xff": "What came in."}\n')
    _, plan = run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", Settings(Reading("t\udcff")))
    assert (tmp_path / "out.jsonl").read_bytes() == b'{"t\xff": "What came in."}\n'
    assert json.loads(plan.manifest.read_bytes())["reading"]["text_field"] == "t\udcff"


def test_outdated_rejects_are_taken_away(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(b"broken\n")
    _, plan = run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert plan.rejects.exists()
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "mended"}\n')
    run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert not plan.rejects.exists()


def test_progress_ends_at_the_size_of_the_input(corpus, tmp_path):
    steps = []
    plan = plan_run([corpus], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings(), lambda moved, _: steps.append(moved))
    assert sum(steps) == sum(path.stat().st_size for path in corpus.rglob("*.*"))


def test_a_sample_is_kept_for_showing(corpus, tmp_path):
    outcome, _ = run(corpus, tmp_path / "out", Settings(sample=True))
    assert outcome.sample[1].report.removed
    assert run(corpus, tmp_path / "again")[0].sample is None


def test_ids_that_stand_twice_are_counted_and_every_record_comes_back(tmp_path, dirty):
    ids = ["a", "b", "a", "c", "a", "b"]
    lines = "".join(json.dumps({"id": name, "text": f"{dirty}{number}"}) + "\n" for number, name in enumerate(ids))
    (tmp_path / "in.jsonl").write_text(lines, encoding="utf-8")
    outcome, plan = run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert outcome.repeated == {str(tmp_path / "in.jsonl"): 3}
    assert json.loads(plan.manifest.read_bytes())["repeated_ids"] == 3
    restore_files(plan.out, plan.reports, tmp_path / "back.jsonl")
    assert (tmp_path / "back.jsonl").read_text("utf-8") == lines


def test_a_text_of_too_many_lines_is_a_reject_and_the_others_are_cleaned(tmp_path):
    (tmp_path / "in").mkdir()
    lines = "".join(json.dumps({"text": text}) + "\n" for text in ("The council met.", "a\n" * 500_001, "It voted."))
    (tmp_path / "in" / "a.jsonl").write_text(lines)
    (tmp_path / "in" / "b.txt").write_text("a\n" * 500_001)
    plan = plan_run([tmp_path / "in"], str(tmp_path / "out"))
    outcome = clean_corpus(Cleaner(rules_only=True), plan, Settings())
    assert (outcome.total.documents, outcome.rejected) == (2, 2)
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_bytes().splitlines()]
    assert [reject["line"] for reject in rejects] == [2, None]
    assert all("has more than 500,000 lines" in reject["reason"] for reject in rejects)
    assert [reject["raw"] for reject in rejects] == [lines.splitlines(keepends=True)[1], None]


@pytest.mark.parametrize("form", ["parquet", "arrow", "csv"])
def test_a_row_of_too_many_lines_goes_to_the_rejects_as_it_was(tmp_path, form):
    texts = ["The council met.", "a\n" * 500_001, "It voted."]
    path = tmp_path / f"a.{form}"
    if form == "parquet":
        pq.write_table(pa.table({"text": texts}), path)
    elif form == "arrow":
        feather.write_feather(pa.table({"text": texts}), path)
    else:
        path.write_text("text\n" + "".join(f'"{text}"\n' for text in texts))
    plan = plan_run([path], str(tmp_path / f"out.{form}"))
    outcome = clean_corpus(Cleaner(rules_only=True), plan, Settings())
    assert (outcome.total.documents, outcome.rejected) == (2, 1)
    (reject,) = [json.loads(line) for line in plan.rejects.read_bytes().splitlines()]
    held = f'"{texts[1]}"\n' if form == "csv" else json.dumps({"text": texts[1]}) + "\n"
    assert (reject["line"], reject["raw"]) == (2, held)
