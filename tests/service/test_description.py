"""The service against its own description: schemathesis makes requests that fit it, and requests that do not."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis")

from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

BEYOND_SCHEMA = {"contradiction", "unreadable-document"}
"""What JSON Schema cannot say: no label is kept and dropped, links need Markdown, and what is no text is no page."""


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize("path", ["/clean", "/clean-many"])
def test_random_requests_get_the_answers_that_the_description_names(service, path, mode):
    description = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    codes = set()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=description[path]["POST"].as_strategy(schemathesis.GenerationMode[mode]))
    def ask(case):
        response = case.call()
        code = response.json()["error"]["code"] if response.status_code == 422 else ""
        codes.add(code or response.status_code)
        case.validate_response(response, excluded_checks=[positive_data_acceptance] if code in BEYOND_SCHEMA else [])

    ask()
    assert (200 in codes) == (mode == "POSITIVE"), codes
    assert ("invalid-request" in codes) == (mode == "NEGATIVE"), codes


def test_the_edges_of_the_description_are_kept(service, tmp_path):
    """Every field at its limits and one beyond, every method that a path does not know."""
    config = tmp_path / "schemathesis.toml"
    config.write_text('[checks.positive_data_acceptance]\nexpected-statuses = ["2xx", "422"]\n')
    words = ["--phases", "coverage", "--seed", "1", "--no-color"]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", f"{service.url}/openapi.json"]
    found = subprocess.run([*command, *words], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert found.returncode == 0, found.stdout
    assert "Tested: 4" in found.stdout


def test_the_description_is_whole(service):
    found = service.get("/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    assert set(found["paths"]) == {"/clean", "/clean-many", "/health", "/metrics"}
    answers = found["paths"]["/clean"]["post"]["responses"]
    assert set(answers) == {"200", "400", "403", "405", "408", "413", "415", "421", "422", "503", "504"}
    assert "HTTPValidationError" not in found["components"]["schemas"]


def test_the_description_names_all_keys_of_a_report(start):
    pytest.importorskip("trafilatura")
    with start("--front", "trafilatura") as service:
        page = "<html><body><article><p>The council met on Monday and voted to close it.</p></article></body></html>"
        report = service.post("/clean", {"text": page, "kind": "html"}).json()["report"]
        described = service.get("/openapi.json").json()["components"]["schemas"]["ReportOf"]["properties"]
    assert report["front"] == "trafilatura"
    assert set(report) <= set(described)
