import json
from pathlib import Path

import pytest

BODY = (
    "The city council of Halden voted on Monday to close the old bridge for repairs, officials said.\n"
    "Engineers had warned for years that the steel supports were badly corroded and could fail.\n"
)
DIRTY = f"{BODY}Advertisement\nShare this article\nWork is expected to begin in April and to end in the autumn.\n"


@pytest.fixture
def corpus(tmp_path):
    """A folder with a text file, an empty one, a nested JSONL file and two bad records."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_bytes(DIRTY.replace("\n", "\r\n").encode() + b"caf\xe9\n")
    (folder / "empty.txt").write_bytes(b"")
    good = [{"n": 1, "text": DIRTY, "id": f"doc{number}"} for number in range(20)]
    lines = [json.dumps(record) for record in good] + ["", '{"text": 5}', "broken", json.dumps({"text": BODY})]
    (folder / "sub" / "b.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def dirty():
    return DIRTY


@pytest.fixture
def seeds():
    """The seed articles."""
    folder = Path(__file__).parents[2] / "seeds"
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
