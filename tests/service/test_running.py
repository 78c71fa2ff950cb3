"""Load, limits on time and number, counters, log, and the end."""

import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

import cleaner
from cleaner.cli import main

SEEDS = [path.read_text("utf-8") for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))]
LONG = "The council of Halden met on Monday and voted to close the old bridge for repairs.\n" * 24_000


def numbers(service):
    families = text_string_to_metric_families(service.get("/metrics").text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_the_same_answers_under_load(service):
    expected = [{"text": one.text, "report": one.report.as_dict()} for one in map(cleaner.clean, SEEDS)]

    def ask(number):
        with httpx.Client(base_url=service.url, timeout=120) as client:
            at = number % len(SEEDS)
            alone = client.post("/clean", json={"text": SEEDS[at]}).json()
            items = [{"id": "", "text": text} for text in SEEDS]
            return alone == expected[at], client.post("/clean-many", json={"documents": items}).json()[
                "documents"
            ] == expected

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {(True, True)}


def test_health_answers_while_documents_are_cleaned(start):
    with start() as service, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(service.post, "/clean", {"text": LONG})
        states = [service.get("/health").json()]
        while not asked.done():
            states.append(service.get("/health").json())
        assert asked.result().status_code == 200
        assert {state["status"] for state in states} == {"ok"}
        assert 1 in [state["held"] for state in states]
        assert states[0]["places"] == 18
        assert states[0]["models"]["text"].startswith("lines@")
        assert service.get("/health").json()["held"] == 0


def test_one_request_too_many_is_told_to_come_back(start):
    with start("--threads", "1", "--waiting", "1") as service, service.unfinished() as one, service.unfinished() as two:
        service.until_held(2)
        refused = service.post("/clean", {"text": "One more."})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
        assert refused.headers["retry-after"] == "1"
        assert service.get("/health").json()["held"] == 2
        for held in (one, two):
            held.sendall(b"}")
            assert held.recv(12) == b"HTTP/1.1 200"
        service.until_free()
        assert service.post("/clean", {"text": "One more."}).status_code == 200


def test_cleaning_that_takes_too_long_is_given_up_and_its_place_is_free_again(start):
    with start("--seconds", "0.1", "--threads", "1", "--waiting", "0") as service:
        slow = service.post("/clean", {"text": LONG})
        assert (slow.status_code, slow.json()["error"]["code"]) == (504, "slow-cleaning")
        service.until_free()
        assert service.post("/clean", {"text": "Short."}).status_code == 200


def test_the_metrics_count_what_was_done(service):
    before = numbers(service)
    service.post(
        "/clean-many", {"documents": [{"text": "Share this\nThe council met."}, {"text": "%PDF-", "kind": "html"}]}
    )
    service.get("/no/such/path/Jane-Doe")
    after = numbers(service)

    def grown(*key):
        return after[key] - before.get(key, 0)

    assert grown("cleaner_requests_total", "/clean-many", "200") == 1
    assert grown("cleaner_requests_total", "other", "404") == 1
    assert grown("cleaner_documents_total") == 1
    assert grown("cleaner_unread_documents_total") == 1
    assert grown("cleaner_characters_total") == len("Share this\nThe council met.")
    assert grown("cleaner_removed_characters_total", "social") == len("Share this\n")
    assert grown("cleaner_seconds_count") == 1
    assert after["cleaner_seconds_bucket", "+Inf"] == after["cleaner_seconds_count",]
    assert "Jane" not in service.get("/metrics").text


def test_the_log_has_a_line_a_request_and_no_text_of_anybody(start):
    with start() as service:
        service.post("/clean", {"text": "Jane Doe met the council.", "id": "Jane"})
        service.post("/clean", {"text": 7, "Jane": "Doe"})
        service.get("/clean?Jane=Doe")
        service.get("/Jane/Doe")
        service.send("/clean", b'{"text": "Jane')
        service.until_logged(5)
        words = service.words()
    lines = re.findall(r"INFO (\w+) (\S+) (\d+) \d+ ms", words)
    assert lines == [
        ("POST", "/clean", "200"),
        ("POST", "/clean", "422"),
        ("GET", "/clean", "405"),
        ("GET", "other", "404"),
        ("POST", "/clean", "400"),
    ]
    assert "Jane" not in words
    assert "Doe" not in words


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_finish_and_ends_without_a_complaint(start, name):
    with start() as service, service.unfinished() as held:
        service.until_held()
        service.process.send_signal(name)
        service.until_closed()
        held.sendall(b"}")
        assert held.recv(12) == b"HTTP/1.1 200"
        assert service.process.wait(timeout=60) == 0
        assert "Traceback" not in service.words()


def test_a_request_that_never_ends_does_not_keep_a_stopped_service(start):
    with start(before="import cleaner.loopback.running as r; r._LEAVE = 1; ") as service, service.unfinished() as held:
        service.until_held()
        service.process.send_signal(signal.SIGTERM)
        answer = b"".join(iter(lambda: held.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 503")
        assert b'"stopping"' in answer
        assert service.process.wait(timeout=60) == 0
        assert "Traceback" not in service.words()


def test_a_fault_of_ours_is_told_without_a_traceback_or_a_text(start):
    fails = "def fail(*_, **__): raise RuntimeError('Jane Doe')"
    broken = f"import cleaner.report as r\n{fails}\nr.Cleaned.as_markdown = fail\n"
    with start(before=broken) as service:
        answer = service.post("/clean", {"text": "<p>Hello.</p>", "kind": "html", "to": "markdown"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal-error")
        assert service.post("/clean", {"text": "Hello."}).status_code == 200
        words = service.words()
    assert "fault: RuntimeError in <string>, line 2, fail" in words
    assert "Traceback" not in words
    assert "Jane" not in words
    assert "Jane" not in answer.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.com", "127.0.0.1.example.com", ""])  # noqa: S104
def test_only_this_machine_can_be_listened_on(host):
    from click.testing import CliRunner

    result = CliRunner().invoke(main, ["serve", "--host", host])
    assert result.exit_code == 1
    assert "not this machine's own address" in result.stderr
    assert "tunnel" in result.stderr


def test_a_port_that_is_taken_is_told(service):
    from click.testing import CliRunner

    result = CliRunner().invoke(main, ["serve", "--port", str(service.port)])
    assert result.exit_code == 1
    assert "--port" in result.stderr


@pytest.mark.parametrize("package", ["fastapi", "uvicorn"])
def test_without_its_packages_the_install_line_is_told(package):
    code = f"import sys; sys.modules[{package!r}] = None; from cleaner.cli import main; main(['serve', '--port', '0'])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert found.stderr == "Error: serving needs an optional package; run: pip install 'cleaner[serve]'\n"
