"""The worked example, on few articles."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

EXAMPLE = Path(__file__).parents[2] / "examples" / "news_classifier.py"


def test_cleaning_spares_the_classifier_what_sites_say_beside_their_stories():
    command = [sys.executable, EXAMPLE, "--articles", "150", "--rounds", "2"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = {
        line[:14].strip(): [float(cell.split()[0]) for cell in line[14:].split("  ") if cell] for line in lines[1:]
    }
    assert list(found) == ["as scraped", "cleaned", "bodies alone"]
    # On new sites that favour no topic.
    assert found["cleaned"][2] > found["as scraped"][2] + 0.1
    # Cleaning leaves what the bodies alone would give, nearly.
    assert all(abs(clean - body) < 0.06 for clean, body in zip(found["cleaned"], found["bodies alone"], strict=True))
