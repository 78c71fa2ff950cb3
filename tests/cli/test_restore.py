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


def test_the_output_must_be_named(run, article):
    assert run("restore", article, article).exit_code == 2
