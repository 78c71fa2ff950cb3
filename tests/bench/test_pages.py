import json
from pathlib import Path

import pytest

from bench import pages

BODY = json.loads((Path(__file__).parents[1] / "council.json").read_text("utf-8"))
HTML = (
    "<html lang=en><head><title>Bridge</title></head><body><nav><li>Home</li></nav><article>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    + "</article><footer>Imprint of the house</footer></body></html>"
)
GOLD = {"id": "a", "domain": "a.org", "html": HTML, "text_gold": "\n".join(BODY)}
SNIPPETS = {"id": "b", "html": HTML, "snippets_with": [BODY[0]], "snippets_without": ["Imprint"]}
OURS = "ours=tests.bench.fronts:blocks"


def written(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path):
    return [
        str(written(tmp_path / "news.jsonl", GOLD, {**GOLD, "id": "c", "page_type": "forum"})),
        str(written(tmp_path / "asked.jsonl", SNIPPETS)),
    ]


def cells(output, name):
    rows = [line for line in output.splitlines() if line.startswith(f"| {name} ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_ours_and_peers_stand_in_one_table_for_every_source(data, tmp_path, capsys):
    pytest.importorskip("resiliparse")
    file = tmp_path / "out.json"
    options = ["--ours", OURS, "--only", "resiliparse, full text", "--perfect", "--json", str(file)]
    assert pages.main([*data, *options, "--cache", str(tmp_path / "kept")]) == 0
    output = capsys.readouterr().out
    assert "news: 2 pages of 1 sites\n" in output
    assert "asked: 1 pages of 1 sites\n" in output
    for name in ("ours", "resiliparse, full text"):
        words, types, asked = cells(output, name)
        assert float(words[1]) == pytest.approx(0.98, abs=0.015)
        assert words[3:5] == ["1.000", "0"]
        assert words[-1] == "1.000"
        assert len(types) == 3
        assert asked[1:4] == ["0.667", "100.0", "100.0"]
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert set(figures["quality"]) == {"news", "asked"}
    assert figures["quality"]["news"]["ours"]["pages"] == 2
    assert figures["peers"]["ours"] == {"version": "", "call": "tests.bench.fronts:blocks"}
    assert figures["peers"]["resiliparse, full text"]["version"]
    assert figures["speed"] == {}


def test_sites_that_taught_are_left_out(tmp_path, capsys):
    other = {**GOLD, "id": "c", "domain": "b.org"}
    asked, taught = written(tmp_path / "asked.jsonl", GOLD, other), written(tmp_path / "taught.jsonl", GOLD)
    assert pages.main([str(asked), "--apart", str(taught), "--ours", OURS, "--only", "trafilatura"]) == 0
    told = capsys.readouterr()
    assert "asked: 1 pages of 1 sites\n" in told.out
    assert "asked.jsonl: 1 pages of known sites left out\n" in told.err


def test_scored_lines_add_a_curve(data, capsys):
    assert (
        pages.main([*data, "--ours", OURS, "--only", "html-text", "--lines", "ours=tests.bench.fronts:scored_blocks"])
        == 0
    )
    output = capsys.readouterr().out
    assert output.count("| chosen by the gold |") == 1
    assert cells(output, "below 0.5") == [["below 0.5", "1.000", "1.000", "1.000"]]


def test_peers_are_timed_in_processes_of_their_own(data, capsys):
    pytest.importorskip("trafilatura")
    assert pages.main(["--speed", data[0], "--rounds", "1", "--ours", OURS, "--only", "trafilatura"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("2 pages of 1 KB on one core")
    (ours,), (peer,) = cells(output, "ours"), cells(output, "trafilatura")
    assert float(ours[3]) > 1
    assert (peer[3], peer[-1], ours[-1]) == ("1.00", "0", "0")


def test_a_peer_that_is_not_installed_is_left_out_with_the_reason(data, capsys, monkeypatch):
    absent = pages.PAGE_PEERS[0]._replace(name="absent", package="no-such-distribution")
    monkeypatch.setattr(pages, "PAGE_PEERS", (absent,))
    assert pages.main([data[0], "--ours", OURS]) == 0
    printed = capsys.readouterr()
    assert "absent left out: running absent needs an optional package" in printed.err
    assert not cells(printed.out, "absent")
    assert cells(printed.out, "ours")


def test_speeds_are_told_in_those_of_the_first_peer():
    figures = {"documents": 100, "megabytes": 20.0, "seconds": 4.0, "wall_seconds": 5.0, "ready_seconds": 0.5}
    figures |= {"pages_mb": 80.0, "peak_mb": 130.0, "failed": 2}
    first, second, third = pages.PAGE_PEERS[:3]
    fast = {**figures, "seconds": 1.0}
    table = pages._speed_parts(
        [first, second, third], {first.name: figures, second.name: fast, third.name: {"missing": "not installed"}}
    )[0]
    assert cells(table, first.name)[0] == [first.name, "25.0", "5.00", "1.00", "130", "50", "0.50", "0.80", "2"]
    assert cells(table, second.name)[0][1:4] == ["100.0", "20.00", "4.00"]
    assert cells(table, third.name)[0][1:3] == ["not installed", ""]
    assert table.startswith("100 pages of 200 KB on one core, by processor time")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "nothing"], "no peer 'nothing'; there are: trafilatura; "),
        (["--ours", "tests.bench.fronts"], "neither a peer nor of the form"),
        (["--ours", "x=tests.bench.fronts:nothing"], "x: 'tests.bench.fronts:nothing' cannot be imported"),
    ],
)
def test_a_wrong_name_is_an_error(data, arguments, said, capsys):
    assert pages.main([data[0], *arguments]) == 1
    assert said in capsys.readouterr().err


def test_a_file_without_pages_is_an_error(tmp_path, capsys):
    assert pages.main([str(written(tmp_path / "none.jsonl"))]) == 1
    assert "holds no pages" in capsys.readouterr().err


def test_nothing_to_measure_is_wrong_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        pages.main([])
    assert "name page records" in capsys.readouterr().err
