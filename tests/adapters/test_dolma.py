"""The page about dolma as written, on the thousand documents; dolma's own mixer applies the attributes.

Its requirements do not go with those of the other engines, so only its extension is loaded, from a
`pip install --no-deps dolma`.
"""

import gzip
import json
import os
import subprocess
import sys
from importlib.machinery import ExtensionFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

PAGE = Path(__file__).parents[2] / "docs" / "pipelines" / "dolma.md"
BLOCKS = [(token.info, token.content) for token in MarkdownIt().parse(PAGE.read_text("utf-8")) if token.type == "fence"]


@pytest.fixture(scope="module")
def room(tmp_path_factory, texts, ids, wanted):
    """Documents and their attributes, as the page's command writes them; pages of HTML are left out."""
    room = tmp_path_factory.mktemp("dolma")
    (room / "corpus" / "documents").mkdir(parents=True)
    rows = [
        {"id": name, "text": text, "source": "x"}
        for name, text, (_, record) in zip(ids, texts, wanted, strict=True)
        if text is not None and record.get("kind", "text") == "text"
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (room / "corpus" / "documents" / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    command = next(text for info, text in BLOCKS if info == "sh" and "--dolma" in text).split()
    words = [sys.executable, "-m", "cleaner", *command[1:]]
    subprocess.run(words, cwd=room, check=True, capture_output=True, env={**os.environ})
    return room


@pytest.fixture
def asked(wanted):
    return {record["id"]: (text, record) for text, record in wanted if record.get("kind", "text") == "text"}


def read(path):
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]]


def test_the_attributes_are_the_removals_of_clean_many(room, asked):
    told = read(room / "corpus" / "attributes" / "cleaner" / "a.jsonl.gz")
    assert len(told) > 800
    for row in told:
        removed = asked[row["id"]][1]["removed"]
        spans = [[removal["start"], removal["end"], removal["score"]] for removal in removed]
        assert row["attributes"]["cleaner__removed"] == spans
        names = {f"cleaner__{removal['label']}" for removal in removed} | {"cleaner__lines", "cleaner__removed"}
        assert set(row["attributes"]) == names


def test_dolmas_mixer_makes_the_texts_of_clean_many(room, asked, monkeypatch):
    dolma = extension()
    if dolma is None:
        pytest.skip("dolma is not installed; its extension alone will do: pip install --no-deps dolma")
    monkeypatch.chdir(room)
    dolma.mixer_entrypoint(next(text for info, text in BLOCKS if info == "json"))
    rows = [row for path in (room / "mixed").iterdir() for row in read(path)]
    assert len(rows) > 800
    assert [row["text"] for row in rows] == [asked[row["id"]][0] for row in rows]


def extension():
    """Load dolma's extension without dolma itself; None where it is not installed."""
    package = find_spec("dolma")
    found = [] if package is None else list(Path(package.submodule_search_locations[0]).glob("dolma*.so"))
    if not found:
        return None
    spec = spec_from_loader("dolma.dolma", ExtensionFileLoader("dolma.dolma", str(found[0])))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
