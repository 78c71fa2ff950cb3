import json
import subprocess
import sys

import pytest

HEAVY = [
    "selectolax",
    "bs4",
    "sklearn",
    "scipy",
    "pandas",
    "pyarrow",
    "zstandard",
    "trafilatura",
    "lxml",
    "justext",
    "datatrove",
    "joblib",
    "matplotlib",
    "jinja2",
    "datasets",
    "polars",
    "ray",
    "pyspark",
]
SHOWN = f"import json; print(json.dumps([name for name in {[*HEAVY, 'click']!r} if name in sys.modules]))"

STATEMENTS = {
    "the front door": ("import sys, cleaner", []),
    "rules alone": ("import sys, cleaner; cleaner.clean('Advertisement', rules_only=True)", []),
    "the settings": ("import sys, cleaner; cleaner.Cleaner(keep='byline')", []),
    "the commands": ("import sys, cleaner.cli", ["click"]),
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_imports_load_no_heavy_packages(what):
    statement, allowed = STATEMENTS[what]
    found = subprocess.run([sys.executable, "-c", f"{statement}; {SHOWN}"], capture_output=True, check=True, text=True)
    assert json.loads(found.stdout) == allowed


def test_cleaning_with_a_model_loads_no_heavy_packages():
    statement = "import sys, cleaner; cleaner.clean('The board met.\\nAdvertisement')"
    found = subprocess.run([sys.executable, "-c", f"{statement}; {SHOWN}"], capture_output=True, check=True, text=True)
    assert json.loads(found.stdout) == []


def test_help_loads_no_heavy_packages():
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cleaner", "--help"], capture_output=True, check=True, text=True
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in found.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & set(HEAVY)
    assert "clean" in found.stdout


def test_cleaning_a_page_loads_its_parser_and_no_more():
    statement = "import sys, cleaner; cleaner.clean('<html><body><p>The board met.</p></body></html>').as_markdown()"
    found = subprocess.run([sys.executable, "-c", f"{statement}; {SHOWN}"], capture_output=True, check=True, text=True)
    assert json.loads(found.stdout) == ["selectolax"]
