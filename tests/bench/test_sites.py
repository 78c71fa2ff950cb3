import json

from bench import sites


def test_texts_have_lines_of_their_own_and_lines_that_their_site_repeats(tmp_path):
    path = tmp_path / "made.jsonl"
    sites.write(path, 1_800)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(records) == 100
    measured = sites.measure([path])
    assert measured["documents"] == 100
    assert measured["lines"] > 12
    sites.write(tmp_path / "again.jsonl", 1_800)
    assert path.read_bytes() == (tmp_path / "again.jsonl").read_bytes()


def test_the_table_has_a_row_for_each_size(capsys, tmp_path):
    assert sites.main(["--lines", "180", "360", "--repeats", "1", "--json", str(tmp_path / "out.json")]) == 0
    assert "made up, 360 new lines" in capsys.readouterr().out
    assert [row["documents"] for row in json.loads((tmp_path / "out.json").read_text())] == [10, 20]
