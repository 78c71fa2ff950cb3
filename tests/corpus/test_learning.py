"""Learning sites is broken off and taken up, and its file is that of an unbroken run."""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaner.corpus import Lesson, Reading, find, learn_files
from cleaner.corpus.learning import GO_ON
from cleaner.corpus.spool import Spool
from cleaner.errors import OutputError, SettingError
from cleaner.sites import Learning, load_memory
from tests.sites.papers import article

WAYS = {"lean": {}, "whole": {"whole": True}, "update": {"update": True}}


def records(first, stop):
    rows = []
    for number in range(first, stop):
        made = article(number % 700, f"paper{number % 7}.example", footer=f"The paper of pier {number % 50}", length=12)
        rows.append({"text": made.body, "url": None if number % 90 == 1 else made.url})
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Files of several parts, one of them packed, some lines broken, and one file that is missing a codec's end."""
    folder = tmp_path_factory.mktemp("in")
    (folder / "a.jsonl").write_text(records(0, 2500) + "{broken\n", "utf-8")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(records(2000, 4000).encode()))
    (folder / "c.jsonl").write_text("[]\n" + records(4000, 5000), "utf-8")
    (folder / "d.jsonl.gz").write_bytes(gzip.compress(records(5000, 5500).encode())[:-20])
    (folder / "e.txt").write_text("A text without an address", "utf-8")
    return folder


@pytest.fixture(scope="module", params=WAYS)
def way(request):
    return WAYS[request.param]


@pytest.fixture(scope="module")
def unbroken(inputs, way, tmp_path_factory):
    """The file of an unbroken run, and what was said of it."""
    out = fresh(tmp_path_factory.mktemp("unbroken") / "known.sites", inputs)
    taught = learn_files(find([inputs]), out, Lesson(**way))
    assert taught.rejected == 3
    assert load_memory(out).rows.rows > 500
    return out.read_bytes(), taught


def fresh(out, inputs):
    """Put a memory at *out*, for a run that updates it."""
    out.parent.mkdir(exist_ok=True)
    learn_files(find([inputs / "c.jsonl"]), out, Lesson())
    return out


def test_it_is_what_the_library_learns(inputs, tmp_path):
    learn_files(find([inputs]), tmp_path / "known.sites", Lesson(interval=0.0))
    learn_files(find([inputs]), tmp_path / "at-once.sites", Lesson(interval=1e9))
    assert (tmp_path / "known.sites").read_bytes() == (tmp_path / "at-once.sites").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["at-once.sites", "known.sites"]


KILLED = """
import json, sys
from pathlib import Path
from cleaner.corpus import Lesson, find, learn_files

corpus, out, way = sys.argv[1:]
print("ready", flush=True)
learn_files(find([Path(corpus)]), Path(out), Lesson(**json.loads(way), resume=True, interval=0.0))
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_killed_at_any_moment_it_ends_as_an_unbroken_run(inputs, way, unbroken, tmp_path):
    """Kills by SIGKILL at moments spread over the run, each run taken up by the next."""
    dice, kills, ended = random.Random(8), 0, 0  # noqa: S311 (no secret)
    out = fresh(tmp_path / "0" / "known.sites", inputs) if "update" in way else tmp_path / "0" / "known.sites"
    while kills < 12 or not ended:
        command = [sys.executable, "-c", KILLED, str(inputs), str(out), json.dumps(way)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(dice.uniform(0.0, 1.0) if kills < 12 else 0)
            if kills < 12 and process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
                process.wait()
                # What was killed after its end leaves nothing to go on with, and its file.
                if (out.parent / f".{out.name}.cleaner" / "state.json").exists() or not same(out, unbroken[0]):
                    continue
            else:
                assert process.wait(600) == 0
                assert left_in(out.parent) == (["known.sites", "done.json"] if "update" in way else ["known.sites"])
        assert same(out, unbroken[0])
        ended += 1
        out = tmp_path / f"{ended}" / "known.sites"
        if "update" in way:
            fresh(out, inputs)


def left_in(folder):
    return [path.name for path in sorted(folder.rglob("*"), reverse=True) if path.is_file()]


def same(path, data):
    return path.exists() and path.read_bytes() == data


class Fault(OSError):
    pass


def broken_off(step, place, run):
    """Run until *place*, a class or module and a name in it, is called for the *step*th time; tell whether it was."""
    module, name = place
    true, calls = getattr(module, name), []

    def counted(*args, **kwargs):
        calls.append(0)
        if len(calls) == step:
            raise Fault
        return true(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, counted)
        try:
            run()
        except (Fault, OutputError):
            return True
    return False


PLACES = [(os, "fsync"), (Spool, "write"), (Path, "replace"), (Learning, "finish"), (Path, "unlink")]


@pytest.mark.parametrize("place", PLACES, ids=[name for _, name in PLACES])
def test_broken_off_at_every_step_it_goes_on(inputs, way, unbroken, tmp_path, place):
    broken, step, sources = True, 0, find([inputs])
    while broken and step < 60:
        step += 1 + step // 3
        out = fresh(tmp_path / str(step) / "known.sites", inputs)
        broken = broken_off(step, place, lambda out=out: learn_files(sources, out, Lesson(**way, interval=0.0)))
        if broken:
            again = learn_files(sources, out, Lesson(**way, resume=True, interval=0.0))
            assert again._replace(repeated=False) == unbroken[1]
        assert out.read_bytes() == unbroken[0]
    assert step > 1


def test_the_error_says_that_there_is_going_on(inputs, tmp_path):
    lesson = Lesson(interval=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Spool, "write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError) as caught:
            learn_files(find([inputs]), tmp_path / "known.sites", lesson)
    assert caught.value.__notes__ == [GO_ON]


def half(inputs, out, monkeypatch, **lesson):
    """Break a run off after one part."""
    true, calls = Learning.finish, []

    def second(*args, **kwargs):
        calls.append(0)
        if len(calls) == 2:
            raise Fault
        return true(*args, **kwargs)

    monkeypatch.setattr(Learning, "finish", second)
    with pytest.raises(Fault):
        learn_files(find([inputs]), out, Lesson(**lesson, interval=0.0))
    monkeypatch.undo()


def test_what_was_done_is_not_done_again(inputs, tmp_path, monkeypatch):
    out = tmp_path / "known.sites"
    half(inputs, out, monkeypatch)
    counted, true = [], Learning.add
    monkeypatch.setattr(Learning, "add", lambda self, document: (counted.append(0), true(self, document)))
    taught = learn_files(find([inputs]), out, Lesson(resume=True))
    assert 0 < len(counted) < taught.learned.documents + taught.learned.unnamed


def test_changed_inputs_and_settings_are_refused(inputs, tmp_path, monkeypatch):
    own = tmp_path / "in"
    shutil.copytree(inputs, own)
    out = tmp_path / "known.sites"
    half(own, out, monkeypatch)
    for lesson in (Lesson(whole=True, resume=True), Lesson(Reading(site_field="paper"), resume=True)):
        with pytest.raises(OutputError, match=r"known\.sites: cannot go on: .* was .* and is .*; start anew without"):
            learn_files(find([own]), out, lesson)
    with (own / "c.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(OutputError, match="inputs: bytes was"):
        learn_files(find([own]), out, Lesson(resume=True))
    learn_files(find([own]), out, Lesson())
    assert not (tmp_path / ".known.sites.cleaner").exists()


def test_a_memory_that_changed_meanwhile_is_not_updated(inputs, tmp_path, monkeypatch):
    out = fresh(tmp_path / "known.sites", inputs)
    half(inputs, out, monkeypatch, update=True)
    learn_files(find([inputs / "a.jsonl"]), tmp_path / "other.sites", Lesson())
    (tmp_path / "other.sites").replace(out)
    with pytest.raises(OutputError, match="cannot go on: known was"):
        learn_files(find([inputs]), out, Lesson(update=True, resume=True))


def test_an_update_that_was_complete_is_not_done_twice(inputs, tmp_path):
    out, sources = fresh(tmp_path / "known.sites", inputs), find([inputs])
    taught = learn_files(sources, out, Lesson(update=True))
    complete = out.read_bytes()
    assert not taught.repeated
    for _ in range(2):
        assert learn_files(sources, out, Lesson(update=True, resume=True)) == taught._replace(repeated=True)
        assert out.read_bytes() == complete
    learn_files(sources, out, Lesson(update=True))
    assert out.read_bytes() != complete


def test_an_update_by_other_documents_or_settings_is_another_run(inputs, tmp_path):
    out = fresh(tmp_path / "known.sites", inputs)
    learn_files(find([inputs / "a.jsonl"]), out, Lesson(update=True))
    for sources, reading in (
        ([inputs / "b.jsonl.gz"], Reading()),
        ([inputs / "a.jsonl"], Reading()),
        ([inputs / "a.jsonl"], Reading(max_bytes=10_000)),
    ):
        before = out.read_bytes()
        lesson = Lesson(reading, update=True, resume=True)
        assert not learn_files(find(sources), out, lesson).repeated
        assert out.read_bytes() != before
        assert learn_files(find(sources), out, lesson).repeated


def test_an_update_of_a_file_that_is_another_by_now_is_done(inputs, tmp_path):
    out, sources = fresh(tmp_path / "known.sites", inputs), find([inputs / "a.jsonl"])
    before = out.read_bytes()
    learn_files(sources, out, Lesson(update=True))
    complete = out.read_bytes()
    out.write_bytes(before)
    assert not learn_files(sources, out, Lesson(update=True, resume=True)).repeated
    assert out.read_bytes() == complete


def test_learning_anew_leaves_no_word_of_an_update(inputs, tmp_path):
    out = fresh(tmp_path / "known.sites", inputs)
    learn_files(find([inputs / "a.jsonl"]), out, Lesson(update=True))
    assert left_in(tmp_path) == ["known.sites", "done.json"]
    learn_files(find([inputs / "a.jsonl"]), out, Lesson())
    assert left_in(tmp_path) == ["known.sites"]


@pytest.mark.parametrize("raw", ["{", "[]", "{}", '{"about": {}, "state": {}, "digest": ""}'])
def test_word_of_an_update_that_cannot_be_read_is_told(inputs, tmp_path, raw):
    out, sources = fresh(tmp_path / "known.sites", inputs), find([inputs / "a.jsonl"])
    learn_files(sources, out, Lesson(update=True))
    before = out.read_bytes()
    (tmp_path / ".known.sites.cleaner" / "done.json").write_text(raw)
    with pytest.raises(OutputError, match=r"\.known\.sites\.cleaner: .*; start anew without --resume"):
        learn_files(sources, out, Lesson(update=True, resume=True))
    assert out.read_bytes() == before


def test_a_damaged_part_is_told(inputs, tmp_path, monkeypatch):
    out = tmp_path / "known.sites"
    half(inputs, out, monkeypatch)
    part = tmp_path / ".known.sites.cleaner" / "part0"
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(OutputError, match=r"part0: .* damaged; learn it anew, without --resume"):
        learn_files(find([inputs]), out, Lesson(resume=True))


def test_two_runs_do_not_write_one_file(inputs, tmp_path, monkeypatch):
    out, true = tmp_path / "known.sites", Learning.finish

    def second(self, *args, **kwargs):
        with pytest.raises(OutputError, match="another run"):
            learn_files(find([inputs / "e.txt"]), out, Lesson())
        return true(self, *args, **kwargs)

    monkeypatch.setattr(Learning, "finish", second)
    learn_files(find([inputs / "c.jsonl"]), out, Lesson())
    assert out.exists()


def test_whole_and_lean_do_not_mix(inputs, tmp_path):
    out = fresh(tmp_path / "known.sites", inputs)
    before = out.read_bytes()
    with pytest.raises(SettingError, match="same way"):
        learn_files(find([inputs]), out, Lesson(update=True, whole=True))
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["known.sites"]
