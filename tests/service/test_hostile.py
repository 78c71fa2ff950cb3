"""Clients that mean no good, on bare sockets."""

import json
import socket

import pytest

SHORT = b'{"text": "Hello."}'


def talk(service, *pieces, read=True):
    """Send bytes, and return all that comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return received(line) if read else b""


def received(line):
    parts = []
    try:
        while part := line.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def post(body=SHORT, *, headers=(), host=b"localhost"):
    lines = [
        b"POST /clean HTTP/1.1",
        b"Host: " + host,
        b"Content-Type: application/json",
        b"Connection: close",
        *headers,
    ]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def status_and_code(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body).get("error", {}).get("code")


@pytest.fixture(autouse=True)
def still_well(service):
    yield
    assert service.get("/health").json()["held"] == 0
    assert service.post("/clean", {"text": "High water is at nine."}).json()["text"] == "High water is at nine."


@pytest.mark.parametrize(
    "host",
    [
        b"rebound.example",
        b"rebound.example:8377",
        b"127.0.0.1.example",
        b"localhost.example",
        b"127.0.0.1:8@evil",
        b"",
        b"[::2]",
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(service, host):
    assert status_and_code(talk(service, post(host=host))) == (421, "other-host")


@pytest.mark.parametrize("host", [b"127.0.0.1", b"127.0.0.1:99", b"LOCALHOST:8377", b"[::1]:8377"])
def test_names_of_this_machine_are_served(service, host):
    assert status_and_code(talk(service, post(host=host))) == (200, None)


def test_no_host_at_all_is_refused(service):
    raw = b"POST /clean HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    assert status_and_code(talk(service, raw)) == (421, "other-host")


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"https://localhost", b"http://localhost:1"])
def test_pages_of_other_sites_are_refused(service, origin):
    assert status_and_code(talk(service, post(headers=[b"Origin: " + origin]))) == (403, "other-site")


def test_packed_bombs_are_not_unpacked(service):
    import gzip

    bomb = gzip.compress(b"[" * 50_000_000)
    assert status_and_code(talk(service, post(bomb, headers=[b"Content-Encoding: gzip"]))) == (415, "packed-body")


def test_a_body_declared_too_large_is_refused_before_it_is_sent(service):
    head = (
        b"POST /clean HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n"
    )
    assert status_and_code(talk(service, head)) == (413, "large-body")


def test_a_body_that_is_expected_is_asked_for(service):
    answer = talk(service, post(headers=[b"Expect: 100-continue"]))
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_chunks_without_end_are_cut_off_at_the_limit(start):
    with start("--max-mb", "0.1") as service:
        head = post(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        with socket.create_connection(("127.0.0.1", service.port), timeout=60) as line:
            line.sendall(head)
            for _ in range(101):
                line.sendall(b"3e8\r\n" + b" " * 1_000 + b"\r\n")
            answer = received(line)
        assert status_and_code(answer) == (413, "large-body")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 400_000 + b"\r\n\r\n",
        b"POST /clean HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /clean HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /clean HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
    ids=lambda raw: ascii(raw[:30]),
)
def test_what_is_no_http_is_answered_in_plain_words_and_closed(service, raw):
    answer = talk(service, raw)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501"))
    assert b"Traceback" not in answer


def test_a_request_smuggled_behind_another_is_a_request_of_its_own(service):
    both = post().replace(b"Connection: close\r\n", b"") + post(host=b"rebound.example")
    answer = talk(service, both)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 421" in answer


def test_clients_that_hang_up_leave_no_place_behind(service):
    for cut in (20, 60, 110):
        talk(service, post(SHORT + b" " * 1_000)[:cut], read=False)
    long = json.dumps({"text": "The council met on Monday.\n" * 4_000}).encode()
    for _ in range(3):
        talk(service, post(long), read=False)
    service.until_free()


def test_a_body_that_trickles_in_is_given_up(start):
    with start("--seconds", "0.3") as service:
        assert status_and_code(talk(service, post(SHORT + b" ")[:-1])) == (408, "slow-body")


IMPATIENT = "import cleaner.loopback.patience as p; p.PATIENCE = 0.3; "


def test_heads_and_bodies_that_never_end_are_cut_off(start):
    with start("--max-mb", "0.1", before=IMPATIENT) as service:
        assert talk(service) == b""
        assert talk(service, b"GET /health HTTP/1.1\r\nHost: local") == b""
        kept = talk(service, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea")
        assert kept.count(b"HTTP/1.1 200 OK") == 1
        refused = b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
        assert talk(service, refused).startswith(b"HTTP/1.1 404")
        assert service.get("/health").status_code == 200


def test_a_client_that_does_not_read_is_cut_off_and_its_place_is_free_again(start):
    with start("--threads", "1", "--waiting", "0", before=IMPATIENT) as service:
        # What is removed stands in the report, so the answer is ten times as long as the text.
        long = json.dumps({"text": "Advertisement\n" * 60_000, "rules_only": True}).encode()
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            line.settimeout(60)
            line.connect(("127.0.0.1", service.port))
            line.sendall(post(long)[:-1])
            service.until_held()
            line.sendall(b"}")
            service.until_free()
        assert service.post("/clean", {"text": "Hello."}).status_code == 200
