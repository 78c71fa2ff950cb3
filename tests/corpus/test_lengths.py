"""Names as long as file systems take them."""

import json
import os

import pytest

from cleaner import Cleaner
from cleaner.cli import main
from cleaner.corpus import PageFiles, Settings, clean_corpus, plan_run, restore_files, rows
from cleaner.corpus.endings import Format
from cleaner.corpus.journal import journal_of
from cleaner.corpus.lengths import LONGEST, beside, fitting
from cleaner.corpus.plan import Asked
from cleaner.corpus.spool import part_of

ENGINE = Cleaner(rules_only=True)
TEXT = "The council met.\nAdvertisement\n"


def called(ending, size=LONGEST, letter="x"):
    """A name of exactly *size* bytes, or one less than a letter shorter."""
    return letter * ((size - len(ending)) // len(letter.encode())) + ending


@pytest.mark.parametrize("letter", ["x", "é", "橋", "😀"])
@pytest.mark.parametrize("size", range(236, 256))
def test_a_name_is_cut_between_characters_and_never_longer_than_file_systems_take(letter, size):
    name = called(".txt", size, letter)
    found = fitting(name, ".report.jsonl")
    assert len(os.fsencode(found)) <= LONGEST
    assert found.endswith(".report.jsonl")
    assert found.encode()  # without lone surrogates
    assert (found == f"{name}.report.jsonl") == (len(os.fsencode(name)) <= 242)


def test_names_that_begin_alike_stay_apart():
    names = [called(f"{number}.txt") for number in range(100)]
    assert len({fitting(name, ".report.jsonl") for name in names}) == 100
    assert fitting(names[0], ".x") == fitting(names[0], ".x")


@pytest.mark.parametrize("byte", [b"\x80", b"\xff"])
def test_a_name_that_is_no_utf8_is_cut_too(byte):
    found = fitting(os.fsdecode(byte * 255), ".x")
    assert len(os.fsencode(found)) == LONGEST


def test_parts_and_journals_have_room_for_their_endings(tmp_path):
    target = tmp_path / called(".txt")
    for path in (part_of(target), part_of(target).with_suffix(".new"), beside(part_of(target), ".whole")):
        assert len(os.fsencode(path.name)) <= LONGEST
        assert path.name.startswith(".")
    assert beside(part_of(target), ".whole").name == f"{part_of(target).name}.whole"
    assert len(os.fsencode(journal_of(target).name)) <= LONGEST


def record(text):
    return json.dumps({"text": text}) + "\n"


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("letter", ["x", "é", "橋"])
@pytest.mark.parametrize("size", [228, 243, 244, 255])
def test_a_folder_with_long_names_is_cleaned_and_put_back(tmp_path, letter, size):
    (tmp_path / "in").mkdir()
    whole, lines = called(".txt", size, letter), called(".jsonl", size, letter)
    (tmp_path / "in" / whole).write_text(TEXT)
    (tmp_path / "in" / lines).write_text(record(TEXT) * 3 + "broken\n")
    (tmp_path / "in" / "short.txt").write_text(TEXT)
    outcome = clean_corpus(ENGINE, plan_run([tmp_path / "in"], str(tmp_path / "out")), Settings(interval=0.0))
    assert (outcome.total.documents, outcome.rejected) == (5, 1)
    out = tmp_path / "out"
    expected = [whole, lines, fitting(lines, ".report.jsonl"), "short.txt", "report.jsonl", "rejects.jsonl"]
    assert names(out) == sorted([*expected, "manifest.json"])
    assert "Advertisement" not in (out / whole).read_text()
    assert [row.file for row in rows(out / fitting(lines, ".report.jsonl"))] == [lines] * 3
    restored = restore_files(out, [out], tmp_path / "back")
    assert (restored.documents, restored.failed, restored.unknown) == (5, (), ())
    assert (tmp_path / "back" / whole).read_text() == TEXT
    assert (tmp_path / "back" / lines).read_text() == record(TEXT) * 3


@pytest.mark.parametrize("name", [called(".txt"), called(".jsonl"), called(".txt", 244, "é"), called(".csv")])
def test_one_file_with_a_long_name_is_cleaned_beside_its_report(tmp_path, name):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    form = name.rpartition(".")[2]
    (tmp_path / "in" / name).write_text({"jsonl": record(TEXT), "csv": f'text\n"{TEXT}"\n'}.get(form, TEXT))
    plan = plan_run([tmp_path / "in" / name], str(tmp_path / "out" / name))
    clean_corpus(ENGINE, plan, Settings(interval=0.0))
    assert {name, fitting(name, ".report.jsonl")} <= set(names(tmp_path / "out"))
    (report,) = plan.reports
    restore_files(tmp_path / "out" / name, [report], tmp_path / "back")
    assert (tmp_path / "back").read_text() == (tmp_path / "in" / name).read_text()


def test_names_that_become_longer_are_cut(tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    page, table = called(".htm"), called(".csv")
    (tmp_path / "in" / "sub" / page).write_text("<p>The council met on Monday.</p>")
    (tmp_path / "in" / table).write_text("text\nThe council met\n")
    asked = Asked(into=Format.JSONL, pages=PageFiles(visible=tmp_path / "seen"))
    outcome = clean_corpus(ENGINE, plan_run([tmp_path / "in"], str(tmp_path / "out"), asked), Settings())
    assert (outcome.total.documents, outcome.rejected) == (2, 0)
    assert (tmp_path / "out" / fitting(table.removesuffix(".csv"), ".jsonl")).exists()
    assert (tmp_path / "seen" / "sub" / fitting(page, ".txt")).read_text() == "The council met on Monday."


@pytest.mark.parametrize("name", [called(".txt"), called(".txt", 230)])
def test_what_was_made_of_one_text_is_not_read_again(tmp_path, name):
    (tmp_path / "a.txt").write_text(TEXT)
    clean_corpus(ENGINE, plan_run([tmp_path / "a.txt"], str(tmp_path / name)), Settings())
    plan = plan_run([tmp_path], f"{tmp_path / 'out'}/")
    assert ([task.source.name for task in plan.tasks], plan.earlier) == (["a.txt"], 1)


def test_a_run_with_long_names_that_was_broken_off_goes_on(tmp_path):
    (tmp_path / "in").mkdir()
    name = called(".jsonl", letter="é")
    (tmp_path / "in" / name).write_text(record(TEXT) * 50_000)
    plan = plan_run([tmp_path / "in"], str(tmp_path / "out"))

    class Enough(Exception):
        pass

    calls = []

    def stop(*_):
        calls.append(1)
        if len(calls) == 2:
            raise Enough

    with pytest.raises(Enough):
        clean_corpus(ENGINE, plan, Settings(interval=0.0), stop)
    assert part_of(tmp_path / "out" / name).exists()
    outcome = clean_corpus(ENGINE, plan, Settings(resume=True))
    assert outcome.total.documents == 50_000
    assert (tmp_path / "out" / name).read_text().count("\n") == 50_000
    assert not list(tmp_path.rglob(".*"))


def test_columns_with_long_names_are_finished(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    (tmp_path / "in").mkdir()
    pq.write_table(pa.table({"text": [TEXT]}), tmp_path / "in" / called(".parquet"))
    with pa.ipc.new_file(tmp_path / "in" / called(".arrow"), pa.schema([("text", pa.string())])) as writer:
        writer.write_table(pa.table({"text": [TEXT]}))
    asked = Asked(report_format="parquet")
    outcome = clean_corpus(ENGINE, plan_run([tmp_path / "in"], str(tmp_path / "out"), asked), Settings())
    assert (outcome.total.documents, outcome.rejected) == (2, 0)
    for ending in (".parquet", ".arrow"):
        assert (tmp_path / "out" / called(ending)).exists()
        assert pq.read_table(tmp_path / "out" / fitting(called(ending), ".report.parquet")).num_rows == 1


def test_the_command_cleans_them_too(tmp_path, capsys):
    name = called(".txt", letter="é")
    (tmp_path / name).write_text(TEXT)
    main(["clean", str(tmp_path / name), "-o", f"{tmp_path / 'out'}/", "--no-model"], standalone_mode=False)
    assert "Advertisement" not in (tmp_path / "out" / name).read_text()
    assert "Traceback" not in capsys.readouterr().err
