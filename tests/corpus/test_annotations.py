import gzip
import json
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.corpus.annotations import Applied, Decision
from cleaner.corpus.job import Writing
from cleaner.corpus.plan import Asked, plan_run
from cleaner.corpus.reports import rows
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.errors import ReportError
from cleaner.labels import Label

ENGINE = Cleaner()
PAGE = "<html><body><nav>Home</nav><p>The board met on Monday in Halden.</p><p>Share this</p></body></html>"
SPANNED = "The board met on Monday. READ MORE: Bridge closed\nIt will meet again (Photo: Getty Images) in May.\n"


@pytest.fixture
def mixed(corpus, seeds):
    """Texts, a page, and records, some of them bad."""
    for number, text in enumerate(seeds):
        (corpus / f"seed{number}.txt").write_text(text, encoding="utf-8")
    (corpus / "page.html").write_text(PAGE, encoding="utf-8")
    (corpus / "spans.jsonl").write_text(json.dumps({"text": SPANNED, "n": 1}) + "\n", encoding="utf-8")
    return corpus


def annotated(folder, out, engine=ENGINE):
    settings = Settings(writing=Writing(annotate=True))
    return plan_run([folder], str(out), Asked(only="annotations")), settings, engine


def annotate(folder, out):
    plan, settings, engine = annotated(folder, out)
    clean_corpus(engine, plan, settings)
    return plan


def apply(folder, notes, out, decision=None):
    plan = plan_run([folder], str(out))
    clean_corpus(Applied(plan.tasks, notes.reports, decision or Decision()), plan, Settings())
    return plan


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".txt", ".jsonl") and "report" not in path.name
    }


def test_annotating_removes_nothing_and_writes_no_text(mixed, tmp_path):
    plan = annotate(mixed, tmp_path / "notes")
    names = sorted(path.relative_to(tmp_path / "notes").as_posix() for path in (tmp_path / "notes").rglob("*.*"))
    assert names == [
        "annotations.jsonl",
        "manifest.json",
        "rejects.jsonl",
        "spans.jsonl.annotations.jsonl",
        "sub/b.jsonl.annotations.jsonl",
    ]
    for row in (row for path in plan.reports for row in rows(path)):
        assert len(row.judged) == row.report.lines


def test_annotations_say_what_a_line_would_be_if_it_went(mixed, tmp_path):
    plan = annotate(mixed, tmp_path / "notes")
    judged = [line for path in plan.reports for row in rows(path) for line in row.judged]
    kept = [line for line in judged if line[3] and line[4] == "model" and line[5] >= 0.02]
    assert kept
    assert all(label != "body" for _, _, label, _, _, score in kept if score >= 0.1)
    assert all(
        label == "body" for _, _, label, keep, _, score in judged if keep and score < 0.01 and label != "headline"
    )


def test_applied_without_a_threshold_they_give_what_cleaning_gives(mixed, tmp_path):
    clean_corpus(ENGINE, plan_run([mixed], str(tmp_path / "clean")), Settings())
    plan = apply(mixed, annotate(mixed, tmp_path / "notes"), tmp_path / "applied")
    assert texts(tmp_path / "applied") == texts(tmp_path / "clean")
    for report in plan.reports:
        name = report.relative_to(tmp_path / "applied")
        assert report.read_bytes() == (tmp_path / "clean" / name).read_bytes()


def test_a_threshold_decides_by_the_score_alone(mixed, tmp_path):
    notes = annotate(mixed, tmp_path / "notes")
    kept = {}
    for threshold in (0.05, 0.3, 0.9):
        plan = apply(mixed, notes, tmp_path / f"at{threshold}", Decision(threshold))
        reports = [row.report for path in plan.reports for row in rows(path)]
        assert all(removal.score >= threshold for report in reports for removal in report.removed)
        kept[threshold] = sum(report.kept_chars for report in reports)
    assert kept[0.05] < kept[0.3] < kept[0.9]


def test_a_line_of_a_page_that_was_struck_from_its_annotations_stays(mixed, tmp_path):
    notes = annotate(mixed, tmp_path / "notes")
    (path,) = [path for path in notes.reports if path.name == "annotations.jsonl"]
    told = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
    page = next(row for row in told if row["id"] == "page.html")
    del page["judged"][0]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in told), encoding="utf-8")
    apply(mixed, notes, tmp_path / "applied", Decision(0.0))
    assert (tmp_path / "applied" / "page.txt").read_text("utf-8").split() == ["Home"]


def test_labels_may_be_kept_when_applying(mixed, tmp_path):
    notes = annotate(mixed, tmp_path / "notes")
    plan = apply(mixed, notes, tmp_path / "applied", Decision(0.3, frozenset({Label.RELATED})))
    labels = {removal.label for path in plan.reports for row in rows(path) for removal in row.report.removed}
    assert Label.RELATED not in labels
    assert Label.SOCIAL in labels


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "aa.txt",
            r"aa\.txt: the annotations go on with 'empty.txt' of empty.txt where 'aa.txt' is due; .* annotate it anew",
        ),
        ("seed0.txt", r"seed0\.txt: report 'seed0.txt' was made from .* annotate it anew"),
    ],
)
def test_a_document_that_came_or_changed_since_is_refused(mixed, tmp_path, name, told):
    notes = annotate(mixed, tmp_path / "notes")
    (mixed / name).write_text("More came in.", encoding="utf-8")
    with pytest.raises(ReportError, match=told):
        apply(mixed, notes, tmp_path / "applied")


def test_the_record_that_was_changed_is_named(mixed, tmp_path):
    path = mixed / "sub/b.jsonl"
    notes = annotate(mixed, tmp_path / "notes")
    lines = path.read_text("utf-8").splitlines()
    lines[4] = json.dumps({"text": "Another one.", "id": "other"})
    path.write_text("\n".join(lines), encoding="utf-8")
    told = r"b\.jsonl, line 5: the annotations go on with 'doc4' of sub/b.jsonl where 'other' is due"
    with pytest.raises(ReportError, match=told):
        apply(mixed, notes, tmp_path / "applied")


def test_records_that_are_gone_are_noticed(mixed, tmp_path):
    notes = annotate(mixed, tmp_path / "notes")
    (mixed / "sub/b.jsonl").write_text("", encoding="utf-8")
    plan = plan_run([mixed], str(tmp_path / "applied"))
    engine = Applied(plan.tasks, notes.reports, Decision())
    clean_corpus(engine, plan, Settings())
    with pytest.raises(ReportError, match=r"go on with 'doc0' of sub/b.jsonl where no document is left"):
        engine.refuse_rest()


def test_a_file_without_annotations_is_named(mixed, tmp_path):
    notes = annotate(mixed, tmp_path / "notes")
    left = [path for path in notes.reports if path.name != "b.jsonl.annotations.jsonl"]
    plan = plan_run([mixed], str(tmp_path / "applied"))
    with pytest.raises(ReportError, match=r"sub/b\.jsonl, line 1: the annotations end where 'doc0' is due"):
        clean_corpus(Applied(plan.tasks, left, Decision()), plan, Settings())


def test_some_of_the_inputs_are_cleaned_by_the_annotations_of_all(mixed, tmp_path):
    notes = annotate(mixed, tmp_path / "notes")
    whole = apply(mixed, notes, tmp_path / "whole")
    for names in (["seed1.txt"], ["a.txt", "page.html", "spans.jsonl"], ["spans.jsonl", "seed2.txt"]):
        out = tmp_path / "-".join(names)
        plan = plan_run([mixed / name for name in names], f"{out}/")
        engine = Applied(plan.tasks, notes.reports, Decision())
        clean_corpus(engine, plan, Settings())
        engine.refuse_rest()
        for task in plan.tasks:
            assert task.target.read_bytes() == (whole.out / task.target.name).read_bytes()


def test_more_files_of_annotations_than_may_be_open_are_read(tmp_path, dirty):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(80):
        (folder / f"{number:02}.jsonl").write_text(json.dumps({"text": dirty}) + "\n", encoding="utf-8")
    notes = annotate(folder, tmp_path / "notes")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) + 40, hard))
    try:
        plan = apply(folder, notes, tmp_path / "applied")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert sum(1 for path in plan.reports for _ in rows(path)) == 80


def test_reports_are_no_annotations(mixed, tmp_path):
    plan = plan_run([mixed], str(tmp_path / "clean"))
    clean_corpus(ENGINE, plan, Settings())
    with pytest.raises(ReportError, match="tells nothing of the lines that stayed; use --annotate"):
        apply(mixed, plan, tmp_path / "applied")


def test_records_get_scores_of_their_lines_in_the_text_as_it_came(mixed, tmp_path):
    plan = plan_run([mixed / "spans.jsonl"], str(tmp_path / "out.jsonl"))
    clean_corpus(ENGINE, plan, Settings(writing=Writing("text_original", "quality")))
    record = json.loads((tmp_path / "out.jsonl").read_bytes())
    assert list(record) == ["text", "n", "text_original", "quality"]
    assert record["text_original"] == SPANNED
    starts = [record["text_original"][start:end] for start, end, _ in record["quality"]]
    assert starts == SPANNED.splitlines()
    assert all(0 <= score <= 1 for *_, score in record["quality"])


def test_dolma_attributes_stand_beside_their_documents(tmp_path, dirty):
    # A single line below the buttons at the end of so short a text would itself be in doubt.
    dirty += "Until then a ferry will carry cars and people from both banks, the council said on Monday.\n"
    records = [{"id": f"d{number}", "text": dirty, "source": "x"} for number in range(5)]
    path = tmp_path / "documents" / "a.jsonl.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode()))
    plan = plan_run([path.parent], str(tmp_path / "attributes" / "cruft"), Asked(only="attributes"))
    clean_corpus(ENGINE, plan, Settings(writing=Writing(attributes="cruft")))
    lines = gzip.decompress((tmp_path / "attributes" / "cruft" / "a.jsonl.gz").read_bytes()).splitlines()
    told = [json.loads(line) for line in lines]
    assert [record["id"] for record in told] == [record["id"] for record in records]
    spans = told[0]["attributes"]
    assert spans.keys() >= {"cruft__ad", "cruft__lines", "cruft__removed", "cruft__social"}
    # What a line that stays would be if it went hangs on the model; it is hardly likely.
    others = spans.keys() - {"cruft__ad", "cruft__lines", "cruft__removed", "cruft__social"}
    assert all(score < 0.2 for name in others for _, _, score in spans[name])
    assert "".join(dirty[start:end] for start, end, _ in spans["cruft__lines"]) == dirty
    assert [dirty[start:end] for start, end, _ in spans["cruft__removed"]] == [
        "Advertisement\n",
        "Share this article\n",
    ]


def test_what_a_page_tells_of_itself_stays_in_its_report(mixed, tmp_path):
    pytest.importorskip("trafilatura")
    notes = plan_run([mixed], str(tmp_path / "notes"), Asked(only="annotations"))
    clean_corpus(replace(ENGINE, metadata=True), notes, Settings(writing=Writing(annotate=True)))
    plan = apply(mixed, notes, tmp_path / "applied", Decision(0.5))
    told, applied = (
        [row.report.metadata for path in each.reports for row in rows(path) if row.report.id == "page.html"]
        for each in (notes, plan)
    )
    assert applied == told != [None]
