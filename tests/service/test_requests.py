"""What is wrong with a request is said in JSON, with the place and the remedy."""

import json

import pytest

DEEP = b"[" * 100_000
LISTS = b'{"documents": [' + b"[]," * 400_000 + b"[]]}"
FIELDS = [
    ({}, "text: Field required", "text"),
    ([], "the body: Input should be", "the body"),
    ("text", "the body: Input should be", "the body"),
    (None, "the body: Input should be", "the body"),
    ({"text": 7}, "text: Input should be a valid string", "text"),
    ({"text": None}, "text: Input should be a valid string", "text"),
    ({"text": ["a"]}, "text: Input should be a valid string", "text"),
    ({"text": "a", "id": 7}, "id: Input should be a valid string", "id"),
    ({"text": "a", "mode": "harsh"}, "mode: Input should be 'careful'", "mode"),
    ({"text": "a", "keep": ["captions"]}, "keep.0: Input should be", "keep.0"),
    ({"text": "a", "keep": "caption"}, "keep: Input should be a valid list", "keep"),
    ({"text": "a", "threshold": 1.5}, "threshold: Input should be less than or equal to 1", "threshold"),
    ({"text": "a", "threshold": "0.5"}, "threshold: Input should be a valid number", "threshold"),
    ({"text": "a", "threshold": True}, "threshold: Input should be a valid number", "threshold"),
    ({"text": "a", "threshold": 10**400}, "threshold: Input should be", "threshold"),
    ({"text": "a", "kind": "pdf"}, "kind: Input should be", "kind"),
    ({"text": "a", "rules_only": 1}, "rules_only: Input should be a valid boolean", "rules_only"),
    ({"text": "a", "model": "/etc"}, "model: Extra inputs are not permitted", "model"),
    ({"text": "a", "\ud800": 1}, "the body: ", "the body"),
]


@pytest.mark.parametrize(("value", "reason", "place"), FIELDS, ids=lambda value: ascii(value)[:40])
def test_a_wrong_field_is_named(service, value, reason, place):
    answer = service.send("/clean", json.dumps(value).encode())
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert (error["code"], error["place"]) == ("invalid-request", place)
    assert reason in error["reason"]
    assert error["remedy"]


def test_a_wrong_field_of_a_batch_is_named_with_its_document_and_not_quoted(service):
    answer = service.post("/clean-many", {"documents": [{"text": "a"}, {"text": "b", "kind": "Jane Doe"}]})
    assert answer.json()["error"]["place"] == "documents.1.kind"
    assert "Jane" not in answer.text


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/clean-many", {"documents": [0] * 300_000}, 413, "large-batch"),
        ("/clean", {"text": "a", "keep": [0] * 300_000}, 422, "invalid-request"),
        ("/clean", {"text": "a", "drop": [0] * 300_000}, 422, "invalid-request"),
    ],
)
def test_a_fault_in_each_of_many_values_is_told_once(service, path, body, status, code):
    answer = service.post(path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert ";" not in answer.json()["error"]["reason"]


def test_many_faults_are_counted(service):
    error = service.post("/clean-many", {"documents": [{}] * 40}).json()["error"]
    assert error["reason"].endswith("; and 35 more")


def test_a_label_cannot_be_kept_and_dropped(service):
    answer = service.post("/clean", {"text": "a", "keep": ["ad"], "drop": ["ad"]})
    assert answer.status_code == 422
    assert answer.json()["error"]["reason"] == "cannot both keep and drop ad"


BODIES = {
    "nothing": (b"", 400, "invalid-json"),
    "cut off": (b'{"text": "a', 400, "invalid-json"),
    "two values": (b'{"text": "a"} {}', 400, "invalid-json"),
    "not a number": (b'{"text": "a", "threshold": NaN}', 400, "invalid-json"),
    "no end of numbers": (b'{"text": "a", "threshold": -Infinity}', 400, "invalid-json"),
    "endless digits": (b'{"text": "a", "threshold": ' + b"9" * 10_000 + b"}", 400, "invalid-json"),
    "beyond floats": (b'{"text": "a", "threshold": 1e999}', 422, "invalid-request"),
    "a bare control": (b'{"text": "a\n"}', 400, "invalid-json"),
    "deep lists": (DEEP, 400, "deep-json"),
    "deep objects": (b'{"text":' * 50_000, 400, "deep-json"),
    "millions of values": (LISTS, 413, "many-values"),
    "Latin-1": ('{"text": "Ténéré"}'.encode("latin-1"), 400, "not-utf8"),
    "UTF-16": ('{"text": "a"}'.encode("utf-16"), 400, "not-utf8"),
    "a raw surrogate": (b'{"text": "\xed\xa0\x80"}', 400, "not-utf8"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_json_is_refused(service, name):
    body, status, code = BODIES[name]
    for path in ("/clean", "/clean-many"):
        answer = service.send(path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert "Traceback" not in answer.text


def test_a_byte_order_mark_and_many_braces_in_a_text_are_no_fault(service):
    body = b'\xef\xbb\xbf{"text": "' + b'{[\\"]}' * 300_000 + b'"}'
    assert service.send("/clean", body).status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin1"]
)
def test_a_body_has_to_be_declared_as_json(service, kind):
    answer = service.send("/clean", b'{"text": "a"}', **{"content-type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "not-json")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, identity"])
def test_packed_bodies_are_refused_unread(service, coding):
    answer = service.send("/clean", b"\x1f\x8b" + b"\0" * 100, **{"content-encoding": coding})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "packed-body")


def test_limits_are_told(start):
    with start("--max-mb", "0.001", "--documents", "2") as service:
        large = service.post("/clean", {"text": "a" * 1_000})
        assert (large.status_code, large.json()["error"]["code"]) == (413, "large-body")
        assert "1,000 bytes" in large.json()["error"]["reason"]

        def pieces():
            for _ in range(100):
                yield b" " * 100

        streamed = service.send("/clean", pieces())
        assert (streamed.status_code, streamed.json()["error"]["code"]) == (413, "large-body")
        many = service.post("/clean-many", {"documents": [{"text": "a"}] * 3})
        assert (many.status_code, many.json()["error"]["code"]) == (413, "large-batch")
        assert service.post("/clean-many", {"documents": [{"text": "a"}] * 2}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/clean", 405, "wrong-method"),
        ("PUT", "/clean-many", 405, "wrong-method"),
        ("POST", "/health", 405, "wrong-method"),
        ("OPTIONS", "/clean", 405, "wrong-method"),
        ("TRACE", "/clean", 405, "wrong-method"),
        ("GET", "/", 404, "no-such-path"),
        ("POST", "/clean/", 404, "no-such-path"),
        ("GET", "/docs", 404, "no-such-path"),
        ("GET", "/%2e%2e/etc/passwd", 404, "no-such-path"),
        ("OPTIONS", "/nowhere", 404, "no-such-path"),
    ],
)
def test_other_paths_and_methods_are_told_what_there_is(service, method, path, status, code):
    import httpx

    answer = httpx.request(method, service.url + path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert "POST /clean-many" in answer.json()["error"]["remedy"]
    assert ("allow" in answer.headers) == (status == 405)


def test_head_is_get_without_the_body(service):
    import httpx

    for path in ("/health", "/metrics", "/openapi.json"):
        answer = httpx.head(service.url + path)
        assert (answer.status_code, answer.content) == (200, b"")
    assert httpx.head(service.url + "/clean").status_code == 405


def test_nothing_lets_other_sites_read(service):
    answer = service.get("/health")
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
