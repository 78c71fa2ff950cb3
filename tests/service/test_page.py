"""The page of the service runs as written, but for the port."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "pipelines" / "service.md"


def blocks(service):
    """Yield the language and text of each block, in order."""
    text = PAGE.read_text("utf-8").replace("127.0.0.1:8377", f"127.0.0.1:{service.port}")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def ran(language, text):
    command = ["sh", "-euc", text] if language == "sh" else [sys.executable, "-c", text]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_page_runs_as_written(service):
    found = blocks(service)
    assert "cleaner serve" in found.pop(0)[1]
    shown = ""
    compared = 0
    for language, text in found:
        if language in ("sh", "python"):
            shown = ran(language, text)
            assert shown
        elif language == "json":
            assert without_model(json.loads(shown)) == without_model(json.loads(text))
            compared += 1
        else:
            assert shown == text
            compared += 1
    assert compared == 3


def without_model(answer):
    """A model made anew has another name."""
    return {**answer, "report": {**answer.get("report", {}), "model": "any"}}


def test_the_page_names_every_option_and_code(service):
    text = PAGE.read_text("utf-8")
    found = service.get("/openapi.json").json()["components"]["schemas"]
    fields = {*found["One"]["properties"], *found["Item"]["properties"]}
    assert not [field for field in fields if f"`{field}`" not in text]
    assert [
        option for option in ("--max-mb", "--documents", "--seconds", "--threads", "--waiting") if option not in text
    ] == []
