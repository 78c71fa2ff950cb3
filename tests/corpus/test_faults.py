"""What happens to a run from outside: disks fill up, workers are killed, people press Ctrl-C."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.corpus import Settings, clean_corpus, plan_run

WORDS = ("the council met on Monday", "and voted to close", "the old bridge", "for repairs", "after a long debate")
CRUFT = ("Advertisement", "Share this", "Read more: The bridge", "Sign up for our newsletter")
FILES, RECORDS = 6, 2_500
CLEAN = [sys.executable, "-m", "cleaner", "clean", "--no-model"]
PATIENCE = 300
"""Seconds until a test takes a process for stuck; none should come near."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Six shards of about 1.6 MB, each in a few blocks, one packed."""
    folder = tmp_path_factory.mktemp("corpus")
    dice = random.Random(3)  # noqa: S311 (no secret)
    for number in range(FILES):
        records = [{"id": f"{number}.{one}", "text": text(dice)} for one in range(RECORDS)]
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{number}.jsonl").write_text(lines + "broken\n", encoding="utf-8")
    subprocess.run(["gzip", "-1", folder / "3.jsonl"], check=True)
    return folder


def text(dice):
    lines = [" ".join(dice.choices(WORDS, k=5)) + "." for _ in range(6)]
    lines.insert(dice.randrange(7), dice.choice(CRUFT))
    return "\n".join(lines)


def files(folder):
    """All files but the manifest, which tells times."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "manifest.json"}


@pytest.fixture(scope="module")
def whole(corpus, tmp_path_factory):
    """What an unbroken run writes."""
    out = tmp_path_factory.mktemp("whole") / "out"
    clean_corpus(Cleaner(rules_only=True), plan_run([corpus], str(out)), Settings())
    return files(out)


def assert_nothing_half(out, whole):
    """Every file under a final name is what it is in the end; everything else is hidden."""
    named = {name: raw for name, raw in files(out).items() if not name.rpartition("/")[2].startswith(".")}
    assert named.items() <= whole.items()
    assert named != whole


RUN = """
import sys
from pathlib import Path
from cleaner import Cleaner
from cleaner.corpus import Settings, clean_corpus, plan_run

corpus, out = sys.argv[1:]
settings = Settings(resume=True, interval=0.0)
clean_corpus(Cleaner(rules_only=True), plan_run([Path(corpus)], out), settings)
"""


def run_with_little_room(corpus, out, **how):
    command = [sys.executable, "-c", RUN, str(corpus), str(out)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE, **how)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of four megabytes, and a way to make it larger."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield disk, lambda size: subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_full_disk_ends_a_run_and_with_room_made_it_goes_on(corpus, whole, small_disk):
    disk, resize = small_disk
    out = disk / "out"
    for size in ("6m", "9m", None):
        broken = run_with_little_room(corpus, out)
        assert broken.returncode == 1
        assert "OutputError" in broken.stderr
        assert "cannot be written: No space left on device" in broken.stderr
        assert "--resume goes on" in broken.stderr
        assert_nothing_half(out, whole)
        resize(size or "64m")
    done = run_with_little_room(corpus, out)
    assert (done.returncode, done.stderr) == (0, "")
    assert files(out) == whole
    assert [path.name for path in disk.iterdir()] == ["out"]


def test_a_disk_that_is_full_from_the_start_is_left_as_it_was(corpus, small_disk):
    disk, _ = small_disk
    with (disk / "ballast").open("wb") as file:
        for _ in range(4):
            file.write(bytes(1 << 20))
    broken = run_with_little_room(corpus, disk / "out")
    assert "No space left on device" in broken.stderr
    assert "--resume" not in broken.stderr
    assert files(disk / "out") == {}


def test_files_that_may_not_grow_end_a_run_and_with_leave_to_grow_it_goes_on(corpus, whole, tmp_path):
    """The same as on a full disk, where nobody may mount one: the system refuses what lies behind a size."""
    out = tmp_path / "out"
    for size in (1_100_000, 1_300_000):
        limit = lambda size=size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # noqa: E731
        broken = run_with_little_room(corpus, out, preexec_fn=limit)
        assert broken.returncode == 1
        assert "cannot be written: File too large" in broken.stderr
        assert "--resume goes on" in broken.stderr
        assert_nothing_half(out, whole)
    assert run_with_little_room(corpus, out).returncode == 0
    assert files(out) == whole
    assert not list(tmp_path.glob(".*"))


def started(*command):
    """Begin a command as the leader of a group, as a terminal does."""
    words = [str(word) for word in command]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)


def until(condition, process):
    """Wait for something to come true while *process* runs; tell whether it did."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        if process.poll() is not None:
            return condition()
        time.sleep(0.01)
    return None


def workers(parent):
    """Return the processes that *parent* has clean for it."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            told = (path / "stat").read_text("utf-8").rpartition(")")[2].split()
            named = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if int(told[1]) == parent and told[0] != "Z" and b"spawn_main" in named:
            found.append(int(path.name))
    return found


def written(out):
    """Bytes under *out*; files that take their names just now do not count."""
    size = 0
    for path in out.rglob("*"):
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size


def written_more(out, seen):
    return out.exists() and written(out) > seen


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers under /proc")
def test_workers_that_are_killed_from_outside_change_nothing(corpus, whole, tmp_path):
    out, kills, seen = tmp_path / "out", 0, 0
    process = started(*CLEAN, corpus, "-o", out, "--jobs", "2")
    try:
        while kills < 3 and until(partial(written_more, out, seen), process):
            seen = written(out)
            # A worker may come to its end in between.
            with suppress(ProcessLookupError):
                if found := workers(process.pid):
                    os.kill(found[kills % len(found)], signal.SIGKILL)
                    kills += 1
        _, told = process.communicate(timeout=PATIENCE)
    finally:
        stop(process)
    assert kills >= 2
    assert process.returncode == 1, told  # of the rejects
    assert f"{FILES} could not be read" in told
    assert files(out) == whole


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def long(corpus, tmp_path_factory):
    """The corpus four times, for the first state is written down after two seconds; and what becomes of it."""
    many, out = tmp_path_factory.mktemp("long") / "in", tmp_path_factory.mktemp("long") / "out"
    for number in range(4):
        shutil.copytree(corpus, many / str(number), copy_function=os.link)
    clean_corpus(Cleaner(rules_only=True), plan_run([many], str(out)), Settings())
    return many, files(out)


@pytest.mark.parametrize(
    ("sent", "code", "jobs"), [(signal.SIGINT, 1, 1), (signal.SIGINT, 1, 2), (signal.SIGTERM, 143, 1)]
)
def test_a_run_that_is_stopped_says_how_it_goes_on(long, tmp_path, sent, code, jobs):
    source, goal = long
    out, state = tmp_path / "out", tmp_path / ".out.cleaner" / "state.json"
    command = [*CLEAN, source, "-o", out, "--jobs", jobs]
    process = started(*command)
    try:
        assert until(state.exists, process)
        os.killpg(process.pid, sent)
        _, told = process.communicate(timeout=PATIENCE)
    finally:
        stop(process)
    assert process.returncode == code
    assert "the same command with --resume goes on from there" in told
    assert "Traceback" not in told
    assert_nothing_half(out, goal)
    finished = subprocess.run([*map(str, command), "--resume"], check=False, capture_output=True, text=True)
    assert f"{4 * FILES} could not be read" in finished.stderr
    assert files(out) == goal
    assert not list(tmp_path.glob(".*"))


def test_a_run_that_is_stopped_at_once_leaves_nothing(corpus, tmp_path):
    out = tmp_path / "out"
    process = started(*CLEAN, corpus, "-o", out)
    try:
        assert until(partial(written_more, out, 0), process)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    finally:
        stop(process)
    assert process.returncode == 1
    if "--resume" not in told:
        assert all(not name.rpartition("/")[2].startswith(".") for name in files(out))
        assert not list(tmp_path.glob(".*"))
