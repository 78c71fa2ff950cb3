"""The review as a program: what it answers, whom it refuses, and how it ends."""

import json
import shutil
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cleaner.cli import main

httpx = pytest.importorskip("httpx")
pytest.importorskip("starlette")


@pytest.fixture
def place(tmp_path):
    return tmp_path / "labels.jsonl"


def call(review, method, path, value=None, **headers):
    return httpx.request(method, review.url + path, json=value, headers=headers, timeout=60)


def test_the_page_has_only_files_of_its_own_and_a_strict_policy(start, folder, place):
    with start(folder, "-o", place) as review:
        page = call(review, "GET", "/")
        assert "default-src 'none'; script-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert "http" not in page.text.replace("http-equiv", "")
        for name in ("review.css", "review.js", "lines.js", "icon.svg"):
            file = call(review, "GET", f"/{name}")
            assert file.status_code == 200
            assert file.headers["x-content-type-options"] == "nosniff"
            for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
                assert sink not in file.text


def test_a_document_is_accepted_and_in_the_file_at_once(start, folder, place):
    with start(folder, "-o", place) as review:
        found = call(review, "GET", "/api/documents/0").json()
        state = call(review, "POST", "/api/documents/0/accept", found["machine"]).json()
        assert (state["done"], state["next"]) == (1, 1)
        assert json.loads(place.read_text("utf-8"))["id"] == found["id"]
        back = call(review, "POST", "/api/documents/0/reopen", {}).json()
        assert (back["done"], place.read_text("utf-8")) == (0, "")


def test_a_second_review_of_the_same_labels_is_refused(start, folder, place):
    with start(folder, "-o", place):
        command = [sys.executable, "-m", "cleaner", "review", "--port", "0", str(folder), "-o", str(place)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert second.returncode == 1
        assert "is being written by another review; end it" in second.stderr
    with start(folder, "-o", place):
        assert not place.exists()


def test_a_killed_review_goes_on_where_it_was(start, folder, place):
    with start(folder, "-o", place) as review:
        for number in (0, 1):
            found = call(review, "GET", f"/api/documents/{number}").json()["machine"]
            found = {"labels": ["legal", *found["labels"][1:]], "parts": []}
            path = f"/api/documents/{number}"
            call(review, "POST", f"{path}/accept", found) if number == 0 else call(review, "PUT", path, found)
        review.kill()
    with place.open("ab") as file:
        file.write(place.read_bytes()[:30])  # as if the machine had stopped in the middle of a record
    with start(folder, "-o", place) as review:
        assert "an unfinished last line of 30 bytes was taken off" in review.words()
        assert call(review, "GET", "/api/state").json()["next"] == 1
        begun = call(review, "GET", "/api/documents/1").json()
        assert (begun["begun"], begun["decided"]["labels"][0]) == (True, "legal")


WRONG = [
    ("POST", "/api/documents/0/accept", b"{}", 422),
    ("POST", "/api/documents/0/accept", b'{"labels": ["body"], "parts": []}', 422),
    ("POST", "/api/documents/9/accept", b"{}", 422),
    ("POST", "/api/documents/0/accept", b"{", 400),
    ("POST", "/api/documents/0/accept", b"[" * 100_000, 400),
    ("PUT", "/api/documents/0", b"\xff", 400),
    ("GET", "/api/documents/x", b"", 404),
    ("GET", "/api/documents/99999999999999999999", b"", 422),
    ("GET", "/api/documents/" + "9" * 5_000, b"", 404),
    ("GET", "/../cleaner/review/app.py", b"", 404),
    ("GET", "/page/index.html", b"", 404),
    ("DELETE", "/api/state", b"", 405),
]


def test_what_does_not_fit_is_told_as_json(start, folder, place):
    with start(folder, "-o", place) as review:
        for method, path, body, status in WRONG:
            headers = {"content-type": "application/json"}
            answer = httpx.request(method, review.url + path, content=body, headers=headers)
            assert (answer.status_code, path) == (status, path)
            assert set(answer.json()["error"]) == {"code", "reason", "remedy", "place"}
        assert "Traceback" not in review.words()
    assert not place.exists()


def test_other_sites_and_names_are_refused(start, folder, place):
    with start(folder, "-o", place) as review:
        for headers in ({"host": "rebound.example"}, {"origin": "http://evil.example"}, {"origin": "null"}):
            answer = call(review, "POST", "/api/documents/0/reopen", {}, **headers)
            assert answer.status_code in (403, 421)
        form = httpx.post(f"{review.url}/api/documents/0/reopen", content=b"{}", headers={"content-type": "text/plain"})
        assert form.status_code == 415
        assert call(review, "GET", "/api/state", host="rebound.example").status_code == 421


def test_a_place_that_cannot_be_written_is_told_and_can_be_mended(start, folder, tmp_path):
    blocker = tmp_path / "blocked"
    blocker.write_text("")
    with start(folder, "-o", tmp_path / "late" / "labels.jsonl") as review:
        shutil.rmtree(tmp_path / "late")
        (tmp_path / "late").write_text("")
        found = call(review, "GET", "/api/documents/0").json()["machine"]
        answer = call(review, "POST", "/api/documents/0/accept", found)
        assert (answer.status_code, answer.json()["error"]["code"]) == (507, "unwritten")
        (tmp_path / "late").unlink()
        assert call(review, "POST", "/api/documents/0/accept", found).json()["done"] == 1


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_without_a_complaint(start, folder, place, name):
    with start(folder, "-o", place) as review:
        review.process.send_signal(name)
        assert review.process.wait(timeout=60) == 0
        assert "Traceback" not in review.words()


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        (["--limit", "2"], "Shown are the 2 most doubtful of 3 documents."),
        (["--read", "2"], "Shown are the first 2 documents; there are more (--read 0 reads all)."),
        (["--read", "0"], ""),
    ],
)
def test_which_documents_are_shown_is_told(start, folder, place, words, choice):
    with start(folder, "-o", place, *words) as review:
        assert choice in review.words()
        assert call(review, "GET", "/api/state").json()["choice"] == choice


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "0.0.0.0"], "not this machine's own address"),  # noqa: S104
        (["-o", "{folder}/a.txt", "{folder}/a.txt"], "one of the files to review"),
        (["-o", "{folder}/a.txt"], "name another file with -o"),
    ],
)
def test_wrong_words_are_told(folder, place, words, told):
    words = [word.format(folder=folder) for word in words]
    result = CliRunner().invoke(main, ["review", str(folder), "-o", str(place), "--port", "0", *words])
    assert result.exit_code == 1
    assert told in result.stderr
    assert (folder / "a.txt").read_text().startswith("Bridge to close")


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_its_packages_the_install_line_is_told(folder, place, package):
    words = ["review", str(folder), "-o", str(place), "--port", "0"]
    code = f"import sys; sys.modules[{package!r}] = None; from cleaner.cli import main; main({words!r})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "pip install 'cleaner[review]'" in found.stderr
