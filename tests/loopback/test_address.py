import socket

import pytest

from cleaner.errors import SettingError
from cleaner.loopback import PLACES, listen, url_of
from cleaner.loopback.address import is_own_host


@pytest.mark.parametrize("host", PLACES)
def test_a_socket_on_this_machine_has_an_address_to_type(host):
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("no IPv6")
    with listen(host, 0) as door:
        address, port = door.getsockname()[:2]
        assert address in ("127.0.0.1", "::1")
        assert url_of(door) == (f"http://[::1]:{port}" if host == "::1" else f"http://127.0.0.1:{port}")
        assert door.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "127.0.0.2", "localhost.", "example.com", "127.1"])  # noqa: S104
def test_other_hosts_are_refused_with_the_reason(host):
    with pytest.raises(SettingError, match="whoever reaches the port could send texts"):
        listen(host, 0)


def test_a_port_in_use_is_told_with_the_remedy():
    with listen("127.0.0.1", 0) as door, pytest.raises(SettingError, match=r"another program listens there.*--port"):
        listen("127.0.0.1", door.getsockname()[1])


@pytest.mark.parametrize("header", ["localhost", "LocalHost:1", "127.0.0.1:65535", "[::1]", "[::1]:80"])
def test_names_of_this_machine(header):
    assert is_own_host(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil",
        "127.0.0.1:",
        "127.0.0.1:80:80",
        "::1",
        "localhost\n",
        "127.0.0.10",
    ],
)
def test_other_names(header):
    assert not is_own_host(header)
