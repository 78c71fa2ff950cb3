def test_a_file_comes_back_to_the_byte(run, article, tmp_path):
    run("clean", article, "-o", tmp_path / "clean.txt")
    result = run("restore", tmp_path / "clean.txt", tmp_path / "clean.txt.report.jsonl", "-o", tmp_path / "back.txt")
    assert result.exit_code == 0
    assert (tmp_path / "back.txt").read_bytes() == article.read_bytes()
    assert result.stderr == f"restored 1 document in 1 file: {tmp_path / 'back.txt'}\n"


def test_a_pipe_comes_back_to_the_byte(run, article, tmp_path):
    raw = article.read_bytes() + b"\xff"
    (tmp_path / "clean").write_bytes(run("clean", "--report", tmp_path / "r.jsonl", stdin=raw).stdout_bytes)
    run("restore", tmp_path / "clean", tmp_path / "r.jsonl", "-o", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == raw


def test_a_folder_comes_back_and_strangers_are_named(run, article, tmp_path):
    (tmp_path / "in").mkdir()
    article.rename(tmp_path / "in" / "a.txt")
    run("clean", tmp_path / "in", "-o", tmp_path / "out")
    (tmp_path / "out" / "b.txt").write_bytes(b"")
    result = run("restore", tmp_path / "out", tmp_path / "out/report.jsonl", "-o", tmp_path / "back")
    assert (tmp_path / "back/a.txt").read_bytes() == (tmp_path / "in/a.txt").read_bytes()
    assert "Warning: b.txt is in no report and was left alone" in result.stderr


def test_a_text_of_another_report_is_refused(run, article, tmp_path):
    run("clean", article, "-o", tmp_path / "clean.txt")
    report = tmp_path / "clean.txt.report.jsonl"
    result = run("restore", article, report, "-o", tmp_path / "back.txt")
    assert result.exit_code == 1
    assert "belongs to" in result.stderr
    assert not (tmp_path / "back.txt").exists()


def test_a_folder_is_no_report(run, article, tmp_path):
    result = run("restore", article, tmp_path, "-o", tmp_path / "back.txt")
    assert result.exit_code == 1
    assert "has no report in it; name the file" in result.stderr


def test_what_cannot_be_restored_is_told_and_the_rest_goes_on(run, article, tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_bytes(article.read_bytes())
    run("clean", tmp_path / "in", "-o", tmp_path / "out")
    (tmp_path / "out" / "a.txt").write_bytes(b"changed")
    result = run("restore", tmp_path / "out", tmp_path / "out", "-o", tmp_path / "back")
    assert result.exit_code == 1
    assert "a.txt: report 'a.txt' belongs to" in result.stderr
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["b.txt"]


def test_rejects_that_are_missing_are_told(run, tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.jsonl", "sub/b.jsonl"):
        (folder / name).write_text('{"text": "Share this"}\nbroken\n{"text": 5}\n', encoding="utf-8")
    (folder / "c.jsonl").write_text('{"text": "Share this"}\n', encoding="utf-8")
    out = tmp_path / "out"
    run("clean", folder, "-o", out)
    told = f"missing from it: what could not be read is told in {out / 'rejects.jsonl'}"
    assert f"Warning: 4 rejects are {told}" in run("restore", out, out, "-o", tmp_path / "back").stderr
    for name, count in (("a.jsonl", 2), ("sub/b.jsonl", 2), ("c.jsonl", 0)):
        result = run("restore", out / name, out / f"{name}.report.jsonl", "-o", tmp_path / "one.jsonl")
        assert result.exit_code == 0
        assert (f"{count} rejects are {told}" in result.stderr) == bool(count)
        assert ("Warning" in result.stderr) == bool(count)


def test_rejects_of_a_single_file_and_of_a_stream_are_told(run, tmp_path):
    raw = '{"text": "Share this"}\nbroken\n'
    (tmp_path / "raw.jsonl").write_text(raw, encoding="utf-8")
    run("clean", tmp_path / "raw.jsonl", "-o", tmp_path / "a.jsonl")
    clean = run("clean", "--format", "jsonl", "--report", tmp_path / "b.report.jsonl", stdin=raw).stdout_bytes
    (tmp_path / "b.jsonl").write_bytes(clean)
    for name, report in (("a", "a.jsonl.report.jsonl"), ("b", "b.report.jsonl")):
        result = run("restore", tmp_path / f"{name}.jsonl", tmp_path / report, "-o", tmp_path / "back.jsonl")
        assert "Warning: 1 reject is missing from it" in result.stderr
        assert f"{name}.jsonl.rejects.jsonl" in result.stderr or "b.rejects.jsonl" in result.stderr


def test_texts_written_as_records_are_texts_again(run, article, tmp_path):
    """A single one as well as a folder of them, with bytes that are no UTF-8."""
    folder = tmp_path / "in"
    folder.mkdir()
    raw = b"caf\xc3() \xa9\n" + article.read_bytes() + b"\xff\r\n"
    (folder / "a.txt").write_bytes(raw)
    run("clean", folder, "-o", tmp_path / "out", "--out-format", "jsonl")
    run("clean", folder / "a.txt", "-o", tmp_path / "one", "--out-format", "jsonl")
    run("clean", folder / "a.txt", "-o", tmp_path / "two.jsonl")
    assert (tmp_path / "one").read_bytes().startswith(b'{"')
    assert run("restore", tmp_path / "out", tmp_path / "out", "-o", tmp_path / "back").exit_code == 0
    for name in ("one", "two.jsonl"):
        back = tmp_path / "back" / name
        result = run("restore", tmp_path / name, tmp_path / f"{name}.report.jsonl", "-o", back)
        assert (result.exit_code, back.read_bytes()) == (0, raw)
    assert sorted(path.name for path in (tmp_path / "back").iterdir()) == ["a.txt", "one", "two.jsonl"]
    assert (tmp_path / "back" / "a.txt").read_bytes() == raw


def test_rows_written_as_records_are_refused_alike(run, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("id,text\n1,Share this\n", encoding="utf-8")
    run("clean", folder, "-o", tmp_path / "out", "--out-format", "jsonl")
    run("clean", folder / "a.csv", "-o", tmp_path / "a.jsonl")
    for clean in (tmp_path / "out" / "a.jsonl", tmp_path / "a.jsonl"):
        result = run("restore", clean, f"{clean}.report.jsonl", "-o", tmp_path / "back")
        assert (result.exit_code, (tmp_path / "back").exists()) == (1, False)
        assert "a.csv was csv and was written as jsonl, which cannot be undone" in result.stderr


def test_the_output_must_be_named(run, article):
    assert run("restore", article, article).exit_code == 2
