"""Where a server of ours listens: on this machine, never on a network."""

from __future__ import annotations

import errno
import re
import socket

from cleaner.errors import SettingError

PLACES = ("127.0.0.1", "::1", "localhost")
"""The hosts that can be listened on."""

# A name that the user typed is compared, never looked up: what `localhost` means is not left to the network.
_ADDRESSES = {"127.0.0.1": "127.0.0.1", "::1": "::1", "localhost": "127.0.0.1"}
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_BACKLOG = 128


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host*, of which there are `PLACES`; port 0 takes a free one.

    Raises `SettingError` for any other host, and for a port that cannot be had.
    """
    if host not in _ADDRESSES:
        raise SettingError(
            f"{host!r} is not this machine's own address: whoever reaches the port could send texts and read answers, "
            f"and nobody is asked for a password. Listen on {', '.join(PLACES)}; to reach it from elsewhere use "
            "a tunnel (ssh -L) or a proxy that asks who is there"
        )
    address = _ADDRESSES[host]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # asyncio sends small packets at once only on sockets that name TCP; else each answer takes 40 ms.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((address, port))
        door.listen(_BACKLOG)
    except OSError as error:
        door.close()
        raise SettingError(f"cannot listen on {host} port {port}: {_why(error)}") from error
    return door


def url_of(door: socket.socket) -> str:
    """Return what to type into a browser for a socket that `listen` made."""
    address, port = door.getsockname()[:2]
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def is_own_host(header: str) -> bool:
    """Tell whether a `Host` header names this machine; a page of another site that had its name point here does not.

    >>> is_own_host("localhost:8377"), is_own_host("rebound.example:8377")
    (True, False)
    """
    return _HOST.fullmatch(header) is not None


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program listens there; choose another with --port, or 0 for a free one"
    if error.errno == errno.EACCES:
        return "ports under 1024 are for the administrator; choose one above with --port"
    return error.strerror or str(error)
