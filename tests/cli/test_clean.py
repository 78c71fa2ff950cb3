import array
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest


def test_a_file_becomes_clean_text_a_report_and_a_summary(run, article, tmp_path):
    result = run("clean", article, "-o", tmp_path / "out.txt")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Advertisement" not in (tmp_path / "out.txt").read_text(encoding="utf-8")
    (record,) = (tmp_path / "out.txt.report.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(record)["id"] == "article.txt"
    assert "article.txt  3 of 5 lines kept; removed ad 1, social 1\n" in result.stderr
    assert f"clean text: {tmp_path / 'out.txt'}\nreport: {tmp_path / 'out.txt.report.jsonl'}\n" in result.stderr


def test_standard_input_goes_to_standard_output(run, dirty):
    result = run("clean", stdin=dirty)
    assert result.exit_code == 0
    assert result.stdout.startswith("The city council")
    assert "Advertisement" not in result.stdout
    assert result.stderr == "stdin: 3 of 5 lines kept; removed ad 1, social 1\n"


def test_one_file_without_output_goes_to_standard_output(run, article):
    assert run("clean", article).stdout == run("clean", stdin=article.read_bytes()).stdout


def test_stray_bytes_pass_through_a_pipe_and_are_counted(run, tmp_path):
    result = run("clean", "--report", tmp_path / "r.jsonl", stdin=b"caf\xe9\n")
    assert result.stdout_bytes == b"caf\xe9\n"
    assert "Warning: 1 byte not UTF-8, carried through unchanged, in standard input (1)" in result.stderr
    assert json.loads((tmp_path / "r.jsonl").read_bytes())["id"] == "stdin"


def test_an_empty_file_becomes_an_empty_file(run, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert run("clean", tmp_path / "empty.txt", "-o", tmp_path / "out.txt").exit_code == 0
    assert (tmp_path / "out.txt").read_bytes() == b""
    assert json.loads((tmp_path / "out.txt.report.jsonl").read_bytes())["removed"] == []


def test_empty_and_unreadable_files_are_told_apart(run, tmp_path, dirty):
    for name, raw in (("a.txt", b"a\0"), ("b.txt", b""), ("c.txt", dirty.encode())):
        (tmp_path / name).write_bytes(raw)
    result = run("clean", tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    rows = result.stderr.splitlines()
    assert rows[:2] == ["b.txt  empty", "c.txt  3 of 5 lines kept; removed ad 1, social 1"]
    assert rows[-2].startswith("1 could not be read; all are in ")
    assert "a.txt: byte 1: holds NUL bytes" in rows[-1]


def test_many_files_are_summed_up_in_total(run, tmp_path, dirty):
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(dirty, encoding="utf-8")
    result = run("clean", *sorted(tmp_path.glob("*.txt")), "-o", tmp_path / "out")
    assert "20 documents: 60 of 100 lines kept; removed ad 20, social 20; " in result.stderr
    assert "7.txt" not in result.stderr


def test_rejects_are_named_counted_and_lead_to_exit_code_1(run, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": "fine"}\n{"text": 5}\nbroken\n', encoding="utf-8")
    result = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 1
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == '{"text": "fine"}\n'
    assert f"2 could not be read; all are in {tmp_path / 'out.jsonl.rejects.jsonl'}:" in result.stderr
    assert 'in.jsonl, line 2: holds a number in "text"' in result.stderr


def test_strict_stops_at_the_first_reject(run, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": 5}\n{"text": "fine"}\n', encoding="utf-8")
    result = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--strict")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.endswith("start it again without --strict.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_show_prints_one_document_before_and_after(run, article, tmp_path):
    result = run("clean", article, "-o", tmp_path / "out.txt", "--show")
    before, after = result.stdout.split("--- after: article.txt\n")
    assert before.startswith("--- before: article.txt\n")
    assert "        ad | Advertisement\n" in before
    assert "    social | Share this article\n" in before
    assert "Advertisement" not in after


def test_show_stays_out_of_the_way_of_data(run, dirty):
    result = run("clean", "--show", stdin=dirty)
    assert "--- before" not in result.stdout
    assert "--- before: stdin" in result.stderr


@pytest.mark.parametrize(
    ("options", "kept"),
    [(["--keep", "ad"], ["Advertisement"]), (["--keep", "ad,social"], ["Advertisement", "Share this"])],
)
def test_labels_can_be_kept(run, dirty, options, kept):
    output = run("clean", *options, stdin=dirty).stdout
    assert [word for word in ("Advertisement", "Share this") if word in output] == kept


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--keep", "adverts"], "no such label: adverts. Labels: body, headline, related"),
        (["--mode", "fierce"], "'fierce' is not one of"),
        (["--threshold", "2"], "2.0 is not in the range"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--max-mb", "0"], "0.0 is not in the range"),
        (["--max-mb", "inf"], "inf is no number that can be counted to"),
        (["--threshold", "nan"], "nan is no number that can be counted to"),
        (["--model", "m"], "--model and --no-model exclude each other"),
        (["a.jsonl"], "Name the file or folder to write to with -o"),
        (["."], "Name the file or folder to write to with -o"),
        (["--annotate", "--dolma", "d"], "--annotate and --dolma exclude each other"),
        (["--annotate", "--keep-original"], "--annotate writes no clean text, which --keep-original is about"),
        (["--dolma", "d", "--line-scores", "s"], "--dolma writes no clean text, which --line-scores is about"),
        (["--annotate", "--to", "markdown"], "--annotate writes no clean text, which --to markdown is about"),
        (["--report", "r.jsonl", "--report-format", "parquet"], "is no parquet by its name; give it one that ends in"),
        (["--report", "r.parquet", "--report-format", "jsonl"], "is no jsonl by its name; give it another than"),
        (["--dolma", "d", "--report-format", "parquet"], "--report-format is about reports, and --dolma writes none"),
    ],
)
def test_wrong_usage_ends_with_exit_code_2(run, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    for name in ("a.jsonl", "b.txt"):
        (tmp_path / name).write_bytes(b"")
    result = run("clean", *words, "--no-model")
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.txt", "-o", "out.txt"], "missing.txt: does not exist"),
        (["missing.txt"], "missing.txt: does not exist"),
        (["folder", "-o", "out"], "folder: has no readable files"),
        (["a.txt", "-o", "a.txt"], "a.txt: is the input itself"),
        (["a.txt", "-o", "out.txt", "--report", "folder"], "folder: is a folder; name a file"),
        (["a.txt", "-o", "a.txt/b/c.txt"], "cannot be written: "),
        (["a.txt", "--report", "a.txt"], "a.txt: is the input itself"),
        (["a.txt", "a.txt", "-o", "out"], "would be written twice"),
        (["-", "-o", "out", "--report", "out"], "would be written twice"),
        (["a.txt", "-o", "out", "--annotate", "--report-format", "parquet"], "out: does not say that it is a table"),
        (["a.txt", "-o", "out.csv", "--out-format", "csv"], "cannot be csv made of text; write text or jsonl"),
        (["a.txt", "-o", "out.csv"], "cannot be csv made of text; write text or jsonl"),
        (["a.txt", "-o", "out.txt", "--max-mb", "0.00001"], "has 0.000281 MB, over the limit of 1e-05 MB"),
        (["binary.txt", "-o", "out.txt"], "binary.txt: byte 1: holds NUL bytes"),
        (["wide.txt"], "wide.txt: is UTF-16 text; convert it first: iconv -f UTF-16"),
    ],
)
def test_bad_input_ends_with_a_clear_message_and_exit_code_1(run, tmp_path, monkeypatch, words, message, dirty):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.txt").write_text(dirty, encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(b"a\0")
    (tmp_path / "wide.txt").write_text("a", encoding="utf-16")
    before = sorted(tmp_path.iterdir())
    result = run("clean", *words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.startswith("Error: ")
    assert sorted(tmp_path.iterdir()) == before


def test_the_format_of_a_file_can_be_named(run, tmp_path, dirty):
    (tmp_path / "records").write_text(json.dumps({"body": dirty}), encoding="utf-8")
    result = run("clean", tmp_path / "records", "-o", tmp_path / "out", "--format", "jsonl", "--text-field", "body")
    assert result.exit_code == 0
    assert "Advertisement" not in json.loads((tmp_path / "out").read_bytes())["body"]


def test_processes_change_no_byte(run, tmp_path, dirty):
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(dirty * (number + 1), encoding="utf-8")
    for jobs in (1, 2):
        run("clean", *sorted(tmp_path.glob("*.txt")), "-o", tmp_path / f"out{jobs}", "--jobs", jobs)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / f"out{jobs}").glob("*[!n]")} for jobs in (1, 2))
    assert one == two
    assert len(one) == 5


def test_a_pipe_between_real_processes_carries_only_text(article):
    command = [sys.executable, "-m", "cleaner", "clean", "--no-model"]
    with article.open("rb") as stdin:
        result = subprocess.run(command, stdin=stdin, capture_output=True, check=True)
    assert result.stdout.splitlines()[-1] == b"Work is expected to begin in April and to end in the autumn."
    assert b"Advertisement" not in result.stdout
    assert b"\r" not in result.stderr


def test_standard_output_by_its_other_name_is_added_to(article, tmp_path):
    command = [sys.executable, "-m", "cleaner", "clean", "--no-model", article, "-o", "/dev/stdout"]
    piped = subprocess.run(command, capture_output=True, check=True).stdout
    assert piped.startswith(b"The city council")
    (tmp_path / "all.txt").write_bytes(b"Before.\n")
    with (tmp_path / "all.txt").open("ab") as file:
        subprocess.run(command, stdout=file, check=True)
    assert (tmp_path / "all.txt").read_bytes() == b"Before.\n" + piped


def test_a_pipe_that_has_no_name_is_written_to(run, article):
    reading, writing = os.pipe()
    result = run("clean", article, "-o", f"/dev/fd/{writing}")
    os.close(writing)
    assert result.exit_code == 0
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read().startswith(b"The city council")


def test_a_reader_that_goes_away_and_a_full_disk_end_without_a_traceback(article):
    command = [sys.executable, "-m", "cleaner", "clean", "--no-model", article]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr) == (1, "Error: [Errno 28] No space left on device\n")
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (result.returncode, result.stderr) == (1, "")


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 1), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_nothing_half_written(tmp_path, dirty, sign, code):
    os.mkfifo(tmp_path / "slow.txt")
    command = [sys.executable, "-m", "cleaner", "clean", "--no-model", tmp_path / "slow.txt", "-o", f"{tmp_path}/out/"]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=hear_interrupts) as process,  # noqa: PLW1509 - no threads here
        (tmp_path / "slow.txt").open("wb") as pipe,
    ):
        pipe.write(dirty.encode())
        pipe.flush()
        wait_until_read(pipe)
        assert [path.name for path in tmp_path.glob("out/.*")] == [".slow.txt.cleaner"]
        process.send_signal(sign)
        try:
            _, talk = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == code
    assert b"Traceback" not in talk
    assert list(tmp_path.glob("out/*")) == []
    assert list(tmp_path.glob("out/.*")) == []


def hear_interrupts():
    """What a shell starts in the background ignores Ctrl-C, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_until_read(pipe):
    """Wait until the other end has taken everything and waits for more."""
    left = array.array("i", [1])
    for _ in range(2_000):
        fcntl.ioctl(pipe, termios.FIONREAD, left)
        if not left[0]:
            # A signal between two reads is answered only when the second returns.
            time.sleep(0.5)
            return
        time.sleep(0.01)


def test_records_go_from_standard_input_to_standard_output(run, dirty):
    lines = "".join(json.dumps({"n": number, "text": dirty}) + "\n" for number in range(3))
    done = run("clean", "--format", "jsonl", "--keep-original", stdin=lines + "broken\n")
    assert done.exit_code == 1
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["n"] for record in records] == [0, 1, 2]
    assert {record["text_original"] for record in records} == {dirty}
    assert not any("Advertisement" in record["text"] for record in records)
    assert "standard input, line 4: is not valid JSON" in done.stderr


def test_a_field_of_html_on_standard_input_means_records(run):
    done = run("clean", "--html-field", "html", stdin='{"html": "<p>The board met on Monday."}\n')
    assert json.loads(done.stdout) == {"text": "The board met on Monday."}


def test_addresses_are_read_and_written(run, article, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("clean", f"file://{article}", "-o", f"file://{tmp_path}/far/out")
    assert result.exit_code == 0
    far = f"file://{tmp_path}/far/out"
    places = f"clean text: {far}/article.txt\nreport: {far}/article.txt.report.jsonl\nsent 2 files to {far}\n"
    assert result.stderr.endswith(places)
    assert sorted(path.name for path in (tmp_path / "far" / "out").iterdir()) == [
        "article.txt",
        "article.txt.report.jsonl",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "far"]


def test_the_summary_names_the_address_of_a_folder_and_of_its_rejects(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"text": "What came in."}\nbroken\n', encoding="utf-8")
    told = run("clean", "in", "-o", f"file://{tmp_path}/far/").stderr
    assert f"clean text: file://{tmp_path}/far\nreport: file://{tmp_path}/far/a.jsonl.report.jsonl\n" in told
    assert f"all are in file://{tmp_path}/far/rejects.jsonl" in told


def test_what_is_called_with_a_dot_is_sent_to_an_address_if_it_was_named(run, article, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hidden = article.rename(tmp_path / ".hidden.txt")
    for number, given in enumerate((hidden, f"file://{hidden}")):
        far = tmp_path / f"far{number}"
        assert "sent 2 files" in run("clean", given, "-o", f"file://{far}").stderr
        assert sorted(path.name for path in far.iterdir()) == [".hidden.txt", ".hidden.txt.report.jsonl"]


def test_only_the_results_of_this_run_are_sent(run, tmp_path, monkeypatch):
    """Those that an earlier run could not send are sent with --resume, or never."""
    monkeypatch.chdir(tmp_path)
    far = tmp_path / "far"
    for name in ("a", "b"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.jsonl").write_bytes(b'{"text": "What came in."}')
    far.write_bytes(b"in the way")
    words = ("clean", "in", "-o", f"file://{far}")
    assert "run again with --resume to send them" in run(*words).stderr
    far.unlink()
    assert "sent 5 files" in run(*words, "--resume").stderr
    shutil.rmtree(far)
    far.write_bytes(b"in the way")
    assert run(*words).exit_code == 1
    far.unlink()
    (tmp_path / "in" / "a.jsonl").unlink()
    assert run(*words).exit_code == 0
    assert sorted(path.name for path in far.iterdir()) == ["b.jsonl", "b.jsonl.report.jsonl", "manifest.json"]


def test_a_field_that_is_there_already_is_told(run, tmp_path, dirty):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": dirty}) + "\n", encoding="utf-8")
    for before, after in ("ab", "bc"):
        told = run("clean", f"{tmp_path}/{before}.jsonl", "-o", f"{tmp_path}/{after}.jsonl", "--keep-original").stderr
        warned = "Warning: 1 record had a field text_original already, which stays as it was\n" in told
        assert warned is (before == "b")
    assert json.loads((tmp_path / "c.jsonl").read_bytes())["text_original"] == dirty


def test_files_that_are_passed_over_are_counted(run, article, tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    article.rename(folder / "a.txt")
    for name in ("b.png", "sub/README", ".hidden", "report.jsonl"):
        (folder / name).write_bytes(b"x")
    result = run("clean", folder, "-o", tmp_path / "out")
    assert "3 files passed over, called as nothing that is read or as reports are" in result.stderr


def test_what_an_earlier_run_made_is_passed_over_and_told(run, article):
    folder = article.parent
    run("clean", article, "-o", folder / "article-clean.txt")
    result = run("clean", folder, "-o", folder / "clean")
    assert "1 file passed over, made by an earlier run of others that are read" in result.stderr
    assert sorted(path.name for path in (folder / "clean").glob("*.txt")) == ["article.txt"]


def test_a_run_that_is_complete_names_no_list_without_rows(run, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": null}\nbroken\n', encoding="utf-8")
    words = ("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl")
    assert "is not valid JSON" in run(*words).stderr
    told = run(*words, "--resume").stderr
    assert told.endswith(f"1 could not be read; all are in {tmp_path / 'out.jsonl.rejects.jsonl'}\n")
    assert "1 document to look at (see the notes in the report)\n" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--annotate"], "annotations, and nothing removed: out.jsonl\n"),
        (["--annotate", "--report", "r.jsonl"], "annotations, and nothing removed: r.jsonl\n"),
        (["--dolma", "d"], "attributes, and nothing removed: out.jsonl\n"),
        (["--dolma", "d", "--report", "r.jsonl"], "attributes, and nothing removed: out.jsonl\nreport: r.jsonl\n"),
    ],
)
def test_what_is_written_in_place_of_clean_texts_is_told(run, tmp_path, monkeypatch, dirty, options, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": dirty}) + "\n", encoding="utf-8")
    result = run("clean", "in.jsonl", "-o", "out.jsonl", *options)
    assert result.exit_code == 0
    assert result.stderr.endswith(told)


def test_options_that_texts_have_no_place_for_are_told(run, article, tmp_path):
    words = ("--keep-original", "--line-scores", "scores", "--text-field", "body", "--metadata")
    told = run("clean", article, "-o", tmp_path / "out.txt", *words).stderr
    assert "1 file written without body_original and scores: texts have no fields (--out-format jsonl" in told
    assert "--text-field names a field, and no records were read\n" in told
    fields = run("clean", article, "-o", tmp_path / "out.txt", "--html-field", "html", "--site-field", "site").stderr
    assert "--html-field names a field, and no records were read\n--site-field names a field" in fields
    assert "1 document without metadata: what is no HTML has none\n" in told
    told = run("clean", article, "-o", tmp_path / "out.jsonl", "--keep-original").stderr
    assert "written without" not in told
    nowhere = "--metadata has no place in what was written; name a --report\n"
    assert nowhere in run("clean", article, "--metadata").stderr
    assert nowhere in run("clean", tmp_path / "out.jsonl", "-o", tmp_path / "d", "--dolma", "d", "--metadata").stderr
    assert nowhere not in run("clean", tmp_path / "out.jsonl", "-o", tmp_path / "r.jsonl", "--metadata").stderr


def test_a_text_by_another_name_keeps_its_name(run, article, tmp_path):
    renamed = article.rename(tmp_path / "article.csv")
    assert run("clean", renamed, "-o", tmp_path / "out.csv", "--format", "text").exit_code == 0
    assert "Advertisement" not in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_what_an_earlier_run_left_is_told(run, article, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    article.rename(folder / "a.txt")
    (folder / "b.txt").write_text("The board met.\n", encoding="utf-8")
    assert "earlier run" not in run("clean", folder, "-o", out).stderr
    (folder / "a.txt").unlink()
    told = run("clean", folder, "-o", out).stderr
    assert f"Warning: 1 file of an earlier run still in {out}, such as a.txt, and not of this one; stats, view" in told
    assert (out / "a.txt").exists()
    assert "earlier run" not in run("clean", folder, "-o", tmp_path / "other").stderr
