import asyncio
import json

import pytest

from cleaner.loopback import Refusal, parse_json, read_body


def read(*messages, limit=10, headers=None, seconds=5):
    left = list(messages)

    async def receive():
        if not left:
            await asyncio.sleep(60)
        return left.pop(0)

    return asyncio.run(read_body(headers or {}, receive, limit, seconds))


def piece(body, *, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_comes_in_pieces():
    assert read(piece(b"12345"), piece(b""), piece(b"67890", more=False)) == b"1234567890"


def test_a_body_over_the_limit_is_refused_while_it_comes_in():
    with pytest.raises(Refusal, match="more than 10 bytes") as refused:
        read(piece(b"12345"), piece(b"678901"))
    assert refused.value.status == 413


@pytest.mark.parametrize("length", ["11", "9" * 5_000])
def test_a_declared_length_over_the_limit_is_refused_unread(length):
    with pytest.raises(Refusal, match="large-body"):
        read(headers={"content-length": length})


def test_a_body_that_does_not_come_is_refused():
    with pytest.raises(Refusal, match="slow-body"):
        read(piece(b"1"), seconds=0.01)


def test_a_client_that_went_away_is_told_apart():
    with pytest.raises(ConnectionError):
        read(piece(b"1"), {"type": "http.disconnect"})


@pytest.mark.parametrize("value", [{}, {"a": '"\\" {[' * 9}, ["\ud800"], 1.5, None, {"ü": "ß\u2028"}])
def test_json_is_parsed_as_python_parses_it(value):
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(bytearray(json.dumps(value).encode("utf-8"))) == value


def test_a_long_text_may_hold_anything():
    value = {"text": '[{"\\' * 500_000}
    assert parse_json(json.dumps(value).encode()) == value


def test_too_many_values_are_refused_before_they_are_made():
    with pytest.raises(Refusal, match="many-values"):
        parse_json(b"[" + b'"",' * 400_000 + b'""]')


@pytest.mark.parametrize("inside", [b"\\\\", b'\\"', b'x\\"\\'])
def test_a_string_that_never_ends_is_refused_in_linear_time(inside):
    with pytest.raises(Refusal, match=r"invalid-json|many-values"):
        parse_json(b'"' + inside * 1_000_000)
