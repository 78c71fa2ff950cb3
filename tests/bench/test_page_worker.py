import io
import json
import logging

import pytest

from bench.page_worker import main


@pytest.fixture(autouse=True)
def logged():
    yield
    logging.disable(logging.NOTSET)


def answers(name, *pages):
    out = io.StringIO()
    main(name, io.StringIO("".join(json.dumps({"html": html, "lang": "en"}) + "\n" for html in pages)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_page_gets_an_answer():
    assert answers("x=tests.bench.fronts:fails", "a", "bad", "b") == [
        {"ready": True},
        {"text": "a", "fault": ""},
        {"text": "", "fault": "crash", "reason": "ValueError('bad page')"},
        {"text": "b", "fault": ""},
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no such peer", "neither a peer nor"),
        ("x=no_such_module:load", "No module named"),
        ("x=json:no", "no attribute"),
    ],
)
def test_what_is_missing_is_said_at_once(name, said):
    (first,) = answers(name, "a")
    assert said in first["missing"]
