import gc
import os
import signal
import struct
import subprocess
import sys

import pytest

from cleaner import Cleaner
from cleaner.corpus import workers
from cleaner.corpus.blocks import blocks
from cleaner.corpus.job import Job
from cleaner.corpus.parts import Mark, Reading
from cleaner.corpus.plan import plan_run
from cleaner.corpus.work import work
from cleaner.corpus.workers import work_in_processes
from cleaner.errors import CleanerError

LINE = '{"text": "Share this\\nLine %s of a text that is long enough."}\n'


@pytest.fixture
def tasks(tmp_path):
    """Nine files of a third of a block each."""
    for number in range(9):
        lines = "".join(LINE % f"{number}.{line}" for line in range(5_000))
        (tmp_path / f"{number}.jsonl").write_text(lines, encoding="utf-8")
    return plan_run([tmp_path], str(tmp_path / "out")).tasks


def todo(tasks):
    return blocks(tasks, Reading(), 0, Mark())


def bytes_of(results):
    return [
        (item.number, part.clean, part.report)
        for block, done in results
        for item, part in zip(block, done, strict=True)
    ]


def test_results_are_those_of_one_process_in_order(tasks):
    job = Job(Cleaner(rules_only=True))
    alone = [(block, work(job, block)) for block in todo(tasks)]
    assert bytes_of(work_in_processes(job, todo(tasks), 2)) == bytes_of(alone)


def test_reading_stays_only_a_few_blocks_ahead(tasks):
    taken = []
    one = next(todo(tasks))
    results = work_in_processes(Job(Cleaner(rules_only=True)), (taken.append(n) or one for n in range(1_000)), 1)
    next(results)
    results.close()
    assert len(taken) < 10


def test_an_error_in_a_worker_arrives_as_ours(tasks, tmp_path):
    with pytest.raises(CleanerError, match=str(tmp_path)):
        list(work_in_processes(Job(Cleaner(model=tmp_path / "missing")), todo(tasks), 1))


class Killed:
    """An engine whose process is killed from outside, as often as there are files to say so."""

    def __init__(self, folder):
        self.folder = folder

    def clean_many(self, documents):
        for token in sorted(self.folder.glob("kill*")):
            token.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return Cleaner(rules_only=True).clean_many(documents)


def test_a_worker_that_is_killed_is_replaced_and_its_work_done_again(tasks, tmp_path):
    (tmp_path / "kill").touch()
    expected = bytes_of((block, work(Job(Cleaner(rules_only=True)), block)) for block in todo(tasks))
    assert bytes_of(work_in_processes(Job(Killed(tmp_path)), todo(tasks), 2)) == expected
    assert not (tmp_path / "kill").exists()


def test_a_document_that_kills_every_worker_ends_the_run_with_its_place(tasks, tmp_path):
    for number in range(12):
        (tmp_path / f"kill{number}").touch()
    with pytest.raises(CleanerError, match=r"0\.jsonl, record 1 on.*: the worker process died 5 times"):
        list(work_in_processes(Job(Killed(tmp_path)), todo(tasks), 1))


ORPHANS = """
import sys
from pathlib import Path
from cleaner import Cleaner
from cleaner.corpus.blocks import blocks
from cleaner.corpus.parts import Mark, Reading
from cleaner.corpus.plan import plan_run
from cleaner.corpus.job import Job
from cleaner.corpus.workers import work_in_processes

if __name__ == "__main__":
    tasks = plan_run([Path(sys.argv[1])], sys.argv[2]).tasks
    results = work_in_processes(Job(Cleaner(rules_only=True)), blocks(tasks, Reading(), 0, Mark()), 2)
    next(results)
    import psutil
    print(*[child.pid for child in psutil.Process().children(recursive=True)], flush=True)
    sys.stdin.read()
"""


def test_workers_end_when_their_parent_is_killed(tasks, tmp_path):
    psutil = pytest.importorskip("psutil")
    (tmp_path / "orphans.py").write_text(ORPHANS, encoding="utf-8")
    command = [sys.executable, tmp_path / "orphans.py", tasks[0].source.path.parent, tmp_path / "out"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        children = [psutil.Process(int(pid)) for pid in process.stdout.readline().split()]
        process.kill()
    assert len(children) >= 2
    assert psutil.wait_procs(children, timeout=60)[1] == []


class Telling:
    """An engine that writes down how often its process looks for garbage."""

    def __init__(self, file):
        self.file = file

    def clean_many(self, documents):
        self.file.write_text(str(gc.get_threshold()), encoding="utf-8")
        return Cleaner(rules_only=True).clean_many(documents)


def test_workers_look_for_garbage_as_seldom_as_the_parent(tasks, tmp_path):
    before = gc.get_threshold()
    gc.set_threshold(12_345)
    try:
        list(work_in_processes(Job(Telling(tmp_path / "told.txt")), todo(tasks), 1))
        assert (tmp_path / "told.txt").read_text("utf-8") == str(gc.get_threshold())
    finally:
        gc.set_threshold(*before)


def test_a_fault_in_a_worker_is_told_with_its_traceback():
    with pytest.raises(RuntimeError, match=r"(?s)a worker process failed\nTraceback .*AttributeError: 'str'"):
        list(work_in_processes(Job(Cleaner(rules_only=True)), [("no part of a file",)], 1))


def killed_while_sending(pipe, _):
    """Announce an answer of a thousand bytes, send ten, and be gone."""
    pipe.recv()
    os.write(pipe.fileno(), struct.pack("!i", 1_000) + b"x" * 10)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_is_killed_while_it_sends_is_not_waited_for(tasks, monkeypatch):
    monkeypatch.setattr(workers, "_attend", killed_while_sending)
    with pytest.raises(CleanerError, match="the worker process died 5 times"):
        list(work_in_processes(Job(Cleaner(rules_only=True)), todo(tasks), 2))


def test_all_processes_are_gone_when_the_results_are_no_longer_wanted(tasks):
    psutil = pytest.importorskip("psutil")
    before = set(psutil.Process().children(recursive=True))
    results = work_in_processes(Job(Cleaner(rules_only=True)), todo(tasks), 2)
    next(results)
    mine = [
        one for one in set(psutil.Process().children(recursive=True)) - before if "spawn_main" in str(one.cmdline())
    ]
    results.close()
    assert len(mine) == 2
    assert not any(one.is_running() for one in mine)
