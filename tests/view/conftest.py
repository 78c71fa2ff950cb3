"""Reports to look at, and a browser to look with."""

import json

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.view import view_reports

BODY = (
    "The city council of Halden voted on Monday to close the old bridge for repairs, officials said.\n"
    "Engineers had warned for years that the steel supports were badly corroded and could fail.\n"
)
DIRTY = f"{BODY}Advertisement\nShare this article\nWork is expected to begin in April and to end in the autumn.\n"
PLAIN = f"{BODY}The mayor said on Monday that the plan () would go ahead as agreed in the spring.\n"


@pytest.fixture(scope="session")
def cleaned():
    """Clean a path by rules alone and return the path of the report."""

    def clean(path, out, *options):
        args = ["clean", str(path), "-o", str(out), "--no-model", *map(str, options)]
        CliRunner().invoke(main, args, catch_exceptions=False)
        return out / "report.jsonl" if out.is_dir() else out.with_name(f"{out.name}.report.jsonl")

    return clean


def records(count):
    """Return records of two sites over some months; every third one loses nothing but brackets."""
    return [
        {
            "id": f"doc-{number}",
            "text": PLAIN if number % 3 == 0 else DIRTY,
            "url": f"https://www.{'north' if number % 2 else 'south'}.example/{number}",
            "date": f"2024-{number % 6 + 1:02}-11T09:00:00Z",
        }
        for number in range(count)
    ]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def report(tmp_path_factory, cleaned):
    """The report of 120 records, its clean texts beside it."""
    folder = tmp_path_factory.mktemp("corpus")
    path = cleaned(write(folder / "in.jsonl", records(120)), folder / "clean.jsonl")
    rows = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
    rows[7]["note"] = "low-yield: 93% of the text was removed"
    return write(path, rows)


@pytest.fixture(scope="session")
def page(report, tmp_path_factory):
    """The page about the report."""
    out = tmp_path_factory.mktemp("page") / "report.html"
    view_reports([report], out)
    return out


@pytest.fixture(name="records")
def fixture_records():
    return records


@pytest.fixture(name="write")
def fixture_write():
    return write


@pytest.fixture
def dirty():
    return DIRTY


@pytest.fixture
def hostile(tmp_path):
    """A report in which everything that can be a string is meant to do harm."""
    evil = (
        "</script><script>alert(1)</script><img src=x onerror=alert(2)><!--<script>"
        "\u2028\u2029 \ud800 \udc80 \u202e\u2066 "
        "\x00\x1b[31m {{ 7*7 }} ]]> &lt; ' \" javascript:alert(3)"
    )
    removal = {"start": 0, "end": len(evil), "label": "ad", "source": evil, "score": 0.5, "text": evil}
    told = {"title": evil, "author": evil, "date": evil, "site": evil, "language": evil}
    row = {"id": evil, "chars": len(evil), "lines": 1, "removed": [removal], "model": evil, "mode": evil, "note": evil}
    rows = [row | {"kind": "html", "metadata": told, "place": f"a:{number}"} for number in range(3)]
    return write(tmp_path / "<img src=x onerror=alert(4)>.jsonl", rows), evil


@pytest.fixture
def opened(chromium):
    """Open a page from disk; fails at the end if it complained, asked for anything, or opened a dialog."""
    contexts, troubles = [], []

    def call(path, **settings):
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: troubles.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: troubles.append(request.url) if is_outside(request.url, path) else None)
        tab.goto(path.as_uri())
        return tab

    yield call
    for context in contexts:
        context.close()
    assert troubles == []


def is_outside(url, path):
    return url != path.as_uri() and not url.startswith("data:")
