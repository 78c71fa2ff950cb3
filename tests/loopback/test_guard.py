import asyncio
import json

import pytest

from cleaner.loopback import Guard, Refusal
from cleaner.loopback.guard import place_of

OWN = [(b"host", b"localhost:8377")]


def ask(app, *, headers=OWN, method="GET"):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b""}

    asyncio.run(Guard(app)({"type": "http", "method": method, "headers": headers}, receive, send))
    return sent


async def well(scope, _, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"max-age=5")]})
    await send({"type": "http.response.body", "body": scope["method"].encode()})


def raising(error, *, after=False):
    async def app(_scope, _receive, send):
        if after:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


def test_answers_get_the_safe_headers_that_they_do_not_set():
    headers = dict(ask(well)[0]["headers"])
    assert headers[b"cache-control"] == b"max-age=5"
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_head_is_served_as_get():
    assert ask(well, method="HEAD")[1]["body"] == b"GET"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 421),
        ([(b"host", b"evil.example")], 421),
        ([*OWN, *OWN], 421),
        ([*OWN, (b"origin", b"http://evil.example")], 403),
        ([*OWN, (b"origin", b"http://localhost:8377"), (b"origin", b"null")], 403),
        ([*OWN, (b"origin", b"http://LOCALHOST:8377")], 200),
    ],
)
def test_strangers_are_refused(headers, status):
    assert ask(well, headers=headers)[0]["status"] == status


def test_a_refusal_says_why_and_what_to_do():
    start, body = ask(raising(Refusal(503, "busy", "\ud800 full", "wait", place="x", headers={"Retry-After": "1"})))
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]
    assert json.loads(body["body"])["error"] == {
        "code": "busy",
        "reason": "\ud800 full",
        "remedy": "wait",
        "place": "x",
    }


def test_a_fault_says_nothing_of_itself(caplog):
    start, body = ask(raising(ValueError("Jane Doe")))
    assert start["status"] == 500
    assert b"Jane" not in body["body"]
    assert "ValueError in" in caplog.text
    assert "Jane" not in caplog.text


def test_a_fault_after_the_answer_began_adds_nothing_to_it():
    assert [message["type"] for message in ask(raising(ValueError(), after=True))] == ["http.response.start"]


def test_a_client_that_went_away_gets_no_answer():
    assert ask(raising(ConnectionResetError())) == []


def test_the_place_of_an_error_that_was_never_raised_is_its_name():
    assert place_of(KeyError("x")) == "KeyError"
