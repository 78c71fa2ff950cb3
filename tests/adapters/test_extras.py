"""What is said when an engine is not installed: the install line, before anything else happens."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
SPARK = "from cleaner.adapters.spark import CleanColumns; CleanColumns().schema(None)"
NEEDED = [
    ("sklearn", "import cleaner.adapters.sklearn", "this estimator", "sklearn"),
    ("sklearn", "import cleaner.adapters.line_classifier", "this estimator", "sklearn"),
    ("polars", "import cleaner.adapters.polars", "this helper", "polars"),
    ("pandas", "import cleaner.adapters.pandas", "this helper", "pandas"),
    ("datatrove", "import cleaner.adapters.datatrove", "this step", "datatrove"),
    ("pyspark", SPARK, "cleaning on Spark", "spark"),
]


@pytest.mark.parametrize(("package", "code", "purpose", "extra"), NEEDED, ids=lambda value: value.split(".")[-1])
def test_the_install_line_of_a_missing_engine_is_told(package, code, purpose, extra):
    script = f"import sys; sys.modules[{package!r}] = None; {code}"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=300)
    assert found.returncode == 1
    wanted = f"{purpose} needs an optional package; run: pip install 'cleaner[{extra}]'"
    assert found.stderr.rstrip().endswith(wanted)
    assert extra in PROJECT["optional-dependencies"]


@pytest.mark.parametrize("engine", ["datasets", "ray"])
def test_fronts_that_only_get_what_an_engine_hands_them_need_nothing_of_it(engine):
    load = f"from cleaner.adapters.{engine} import CleanColumns; CleanColumns()"
    script = f"import sys; sys.modules[{engine!r}] = None; {load}"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=300)
