import gzip
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.corpus.endings import Format
from cleaner.corpus.outputs import Outputs
from cleaner.corpus.parts import Reading
from cleaner.corpus.plan import Asked, PageFiles, plan_run
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.corpus.spool import Spool
from cleaner.errors import InputError, OutputError

ENGINE = Cleaner(rules_only=True)
WORDS = ("the council met on Monday", "and voted to close", "the old bridge", "for repairs", "after a long debate")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Records, packed records and texts, with bad ones among them: a few dozen parts."""
    folder = tmp_path_factory.mktemp("corpus")
    dice = random.Random(1)  # noqa: S311 (no secret)
    lines = [json.dumps(record(dice, number)) for number in range(9_000)]
    lines[3_000] = "broken"
    lines[6_001] = '{"text": 5}'
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[:3_500]).encode(), 1))
    (folder / "c").mkdir()
    for number in range(600):
        text = "\0" if number == 77 else record(dice, number)["text"]
        (folder / "c" / f"{number:03}.txt").write_text(text, encoding="utf-8")
    (folder / "d.jsonl").write_bytes(b"")
    return folder


def record(dice, number):
    lines = [" ".join(dice.choices(WORDS, k=4)) + "." for _ in range(6)]
    lines[dice.randrange(6)] = dice.choice(["Advertisement", "Share this", "Read more: The bridge"])
    return {"id": f"d{number}", "text": "\n".join(lines)}


def files(folder):
    """All files but the manifest, which tells times."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "manifest.json"}


@pytest.fixture(scope="module")
def whole(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "out"
    clean_corpus(ENGINE, plan_run([corpus], str(out)), Settings())
    return files(out)


KILLED = """
import sys
from pathlib import Path
from cleaner import Cleaner
from cleaner.corpus import Settings, clean_corpus, plan_run

corpus, out, jobs = sys.argv[1:]
print("ready", flush=True)
settings = Settings(jobs=int(jobs), resume=True, interval=0.0)
clean_corpus(Cleaner(rules_only=True), plan_run([Path(corpus)], out), settings)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_is_killed_at_any_moment_ends_as_an_unbroken_one(corpus, whole, tmp_path, jobs):
    """Kills by SIGKILL: together fifty, at moments spread over the run, each run taken up by the next."""
    dice, kills = random.Random(jobs), 0  # noqa: S311 (no secret)
    out = tmp_path / "out0"
    while kills < 25:
        command = [sys.executable, "-c", KILLED, str(corpus), str(out), str(jobs)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
            process.stdout.readline()
            time.sleep(dice.uniform(0.0, 1.2))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                kills += 1
                continue
        # One came to its end between two kills: look at it and begin another.
        assert files(out) == whole
        out = tmp_path / f"out{kills}"
    subprocess.run([sys.executable, "-c", KILLED, str(corpus), str(out), str(jobs)], check=True, capture_output=True)
    assert files(out) == whole
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ({"strict": True}, "the same command without --strict and with --resume goes on from there"),
        ({"max_rejects": 1}, "the same command with a higher --max-rejects and with --resume goes on from there"),
    ],
)
def test_a_run_that_stops_at_a_reject_says_how_it_goes_on_and_does(corpus, whole, tmp_path, asked, way):
    plan = plan_run([corpus], str(tmp_path / "out"))
    with pytest.raises(InputError) as caught:
        clean_corpus(ENGINE, plan, Settings(interval=0.0, **asked))
    assert way in caught.value.__notes__[0]
    clean_corpus(ENGINE, plan, Settings(resume=True))
    assert files(tmp_path / "out") == whole


def test_a_run_that_stops_before_its_first_state_says_that_too(corpus, tmp_path):
    plan = plan_run([corpus], str(tmp_path / "out"))
    with pytest.raises(InputError) as caught:
        clean_corpus(ENGINE, plan, Settings(strict=True, interval=1e9))
    assert caught.value.__notes__ == [
        "The run was stopped before there was a state to go on from; start it again without --strict."
    ]


class Fault(Exception):
    pass


def broken_off(corpus, out, monkeypatch, step, module, name):
    """Run until *name* of *module* is called for the *step*th time, and fail there as a power cut would."""
    calls = 0
    true = getattr(module, name)

    def counted(*args):
        nonlocal calls
        calls += 1
        if calls == step:
            raise Fault
        return true(*args)

    monkeypatch.setattr(module, name, counted)
    try:
        clean_corpus(ENGINE, plan_run([corpus], str(out)), Settings(resume=True, interval=0.0))
    except Fault:
        return True
    finally:
        monkeypatch.undo()
    return False


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (os, "fsync"),
        (Outputs, "_finish"),
        (Spool, "write"),
        (Outputs, "name"),
    ],
)
def test_every_step_of_writing_may_be_the_last(corpus, whole, tmp_path, monkeypatch, module, name):
    out, faults = tmp_path / "out", 0
    while broken_off(corpus, out, monkeypatch, 1 + faults**2, module, name):
        faults += 1
    assert faults > 1
    assert files(out) == whole


def start(corpus, out, settings=None, asked=None):
    """Begin a run and break it off after the first state was written down."""

    class Stopping:
        def __init__(self):
            self.chunks = 0

        def clean_many(self, documents):
            self.chunks += 1
            if self.chunks == 4:
                raise KeyboardInterrupt
            return ENGINE.clean_many(documents)

        described = ENGINE.described

    with pytest.raises(KeyboardInterrupt):
        clean_corpus(Stopping(), plan_run([corpus], str(out), asked or Asked()), settings or Settings(interval=0.0))


def test_what_is_half_done_has_no_final_name(corpus, tmp_path):
    start(corpus, tmp_path / "out")
    assert all(name.startswith(".") for name in files(tmp_path / "out"))
    assert (tmp_path / ".out.cleaner" / "state.json").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda corpus: (corpus / "a.jsonl").write_bytes(b"{}"), r"inputs: bytes was \d+ and is"),
        (lambda corpus: os.utime(corpus / "a.jsonl", (5, 5)), "inputs: sizes and times was"),
        (lambda corpus: (corpus / "new.txt").write_bytes(b""), "inputs: files was 603 and is 604"),
    ],
)
def test_changed_inputs_are_refused(corpus, tmp_path, change, message):
    copy = tmp_path / "in"
    subprocess.run(["cp", "-rp", corpus, copy], check=True)
    start(copy, tmp_path / "out")
    change(copy)
    with pytest.raises(OutputError, match=f"cannot go on: {message}.*; start anew without --resume"):
        clean_corpus(ENGINE, plan_run([copy], str(tmp_path / "out")), Settings(resume=True))


@pytest.mark.parametrize(
    ("engine", "reading", "message"),
    [
        (
            Cleaner(rules_only=True, mode="careful"),
            Reading(),
            "settings: mode was 'balanced' and is 'careful'",
        ),
        (Cleaner(), Reading(), "settings: rules_only was True and is False"),
        (ENGINE, Reading(max_bytes=5), "reading: max_bytes was"),
    ],
)
def test_changed_settings_are_refused(corpus, tmp_path, engine, reading, message):
    start(corpus, tmp_path / "out")
    with pytest.raises(OutputError, match=f"cannot go on: {message}"):
        clean_corpus(engine, plan_run([corpus], str(tmp_path / "out")), Settings(reading, resume=True))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(pages=PageFiles(to="markdown")), "outputs: to was ['text'] and is ['markdown']"),
        (Asked(pages=PageFiles(visible=Path("seen"))), "outputs: visible was False and is True"),
        (Asked(into=Format.JSONL), "outputs: formats was ['csv to csv'] and is ['csv to jsonl']"),
        (Asked(forced=Format.TSV), "outputs: formats was ['csv to csv'] and is ['tsv to tsv']"),
    ],
)
def test_other_outputs_of_the_same_names_are_refused(tmp_path, asked, message):
    rows = ["text", *[" ".join(WORDS * 20)] * 3_000]
    (tmp_path / "rows").write_text("\n".join(rows), encoding="utf-8")
    start(tmp_path / "rows", tmp_path / "out", asked=Asked(Format.CSV))
    plan = plan_run([tmp_path / "rows"], str(tmp_path / "out"), replace(asked, forced=asked.forced or Format.CSV))
    with pytest.raises(OutputError, match=re.escape(f"cannot go on: {message}; start anew without --resume")):
        clean_corpus(ENGINE, plan, Settings(resume=True))


def test_a_part_that_is_shorter_than_the_journal_says_is_refused(corpus, tmp_path):
    start(corpus, tmp_path / "out")
    (part,) = (tmp_path / "out").glob(".a.jsonl.part")
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(OutputError, match=r"\.a\.jsonl\.part has 100 bytes, the journal says"):
        clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "out")), Settings(resume=True))


@pytest.mark.parametrize("state", [b"", b"5", b"[]", b"{}", b'{"complete": 5}', b'{"complete": [], "mark": [1, 2, 3]}'])
def test_a_journal_that_makes_no_sense_is_refused(tmp_path, state):
    (tmp_path / "a.jsonl").write_bytes(b"{}")
    (tmp_path / ".out.cleaner").mkdir()
    (tmp_path / ".out.cleaner" / "about.json").write_bytes(b"{}")
    (tmp_path / ".out.cleaner" / "state.json").write_bytes(state)
    with pytest.raises(OutputError, match=r"\.out\.cleaner: .*; start anew without --resume"):
        clean_corpus(ENGINE, plan_run([tmp_path / "a.jsonl"], str(tmp_path / "out")), Settings(resume=True))


def test_without_resume_a_run_starts_anew(corpus, whole, tmp_path):
    start(corpus, tmp_path / "out")
    clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "out")), Settings())
    assert files(tmp_path / "out") == whole
    assert not (tmp_path / ".out.cleaner").exists()


def test_a_run_that_starts_anew_takes_away_what_the_broken_one_had_begun(corpus, tmp_path):
    """Files that it does not write itself, too."""
    start(corpus, tmp_path / "out")
    assert ".a.jsonl.report.jsonl.part" in files(tmp_path / "out")
    plan = plan_run([corpus], str(tmp_path / "out"), Asked(report_format="parquet"))
    clean_corpus(ENGINE, plan, Settings())
    assert not [name for name in files(tmp_path / "out") if name.startswith(".")]


def test_the_outcome_counts_what_was_done_before_the_break(corpus, tmp_path):
    start(corpus, tmp_path / "out")
    outcome = clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "out")), Settings(resume=True))
    unbroken = clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "other")), Settings())
    assert outcome.as_dict() == unbroken.as_dict()
    assert (unbroken.rejected, unbroken.total.documents) == (4, 8_998 + 3_499 + 599)


def test_a_run_that_is_complete_is_not_done_again(corpus, tmp_path):
    first = clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "out")), Settings())
    before = (tmp_path / "out" / "a.jsonl").stat().st_mtime_ns
    again = clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "out")), Settings(resume=True))
    assert (again.total.documents, again.rejected, again.kept_chars) == (
        first.total.documents,
        first.rejected,
        first.kept_chars,
    )
    assert (tmp_path / "out" / "a.jsonl").stat().st_mtime_ns == before


def test_a_run_is_complete_though_a_file_could_not_be_read(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"text": "Share this"}\n', encoding="utf-8")
    (tmp_path / "in" / "b.jsonl.gz").write_bytes(b"no gzip")
    plan = plan_run([tmp_path / "in"], str(tmp_path / "out"))
    clean_corpus(ENGINE, plan, Settings())
    before = (tmp_path / "out" / "a.jsonl").stat().st_mtime_ns
    assert clean_corpus(ENGINE, plan, Settings(resume=True)).rejected == 1
    assert (tmp_path / "out" / "a.jsonl").stat().st_mtime_ns == before
    (tmp_path / "out" / "a.jsonl.report.jsonl").unlink()
    clean_corpus(ENGINE, plan, Settings(resume=True))
    assert (tmp_path / "out" / "a.jsonl.report.jsonl").exists()


def test_a_clean_file_that_is_gone_is_made_again(corpus, whole, tmp_path):
    out = tmp_path / "out"
    clean_corpus(ENGINE, plan_run([corpus], str(out)), Settings())
    (out / "b.jsonl.gz").unlink()
    assert not (out / "c" / "077.txt").exists()  # it could not be read
    clean_corpus(ENGINE, plan_run([corpus], str(out)), Settings(resume=True))
    assert files(out) == whole


def test_a_second_run_into_the_same_place_is_refused(corpus, tmp_path):
    class Nosy:
        def clean_many(self, documents):
            with pytest.raises(OutputError, match="is being written by another run"):
                clean_corpus(ENGINE, plan_run([corpus], str(tmp_path / "out")), Settings())
            return ENGINE.clean_many(documents)

    one = tmp_path / "in" / "one.txt"
    one.parent.mkdir()
    one.write_text("The council met.", encoding="utf-8")
    clean_corpus(Nosy(), plan_run([one.parent], str(tmp_path / "out")), Settings())
    assert (tmp_path / "out" / "one.txt").exists()
