"""Messages of Arrow, and the one thing that pyarrow does not tell of them: how their buffers are compressed.

What describes a message is a flatbuffer, whose tables are laid out as in Arrow's `format/Message.fbs`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cleaner.corpus.formats.spool import arrow

_HEADER, _COMPRESSION, _CODEC = 2, 3, 0
"""Numbers of the fields that lead there: in Message, in RecordBatch, in BodyCompression."""


def first_batch(handle: Any) -> Any:
    """Return the message of the first record batch in a stream; None if there is none that can be read."""
    pa = arrow("reading Arrow data")
    messages = pa.ipc.MessageReader.open_stream(handle)
    try:
        while (message := messages.read_next_message()).type != "record batch":
            pass
    except StopIteration:
        return None
    except (pa.ArrowException, OSError):
        return None
    return message


def codec_of_batch(message: Any) -> str | None:
    """Return `lz4` or `zstd` for the message of a record batch; None when it is not compressed."""
    data = bytes(message.metadata)
    told = _Table(data, int.from_bytes(data[:4], "little")).table(_HEADER).table(_COMPRESSION)
    if not told.at:
        return None
    return "zstd" if told.byte(_CODEC) else "lz4"


class _Table(NamedTuple):
    data: bytes
    at: int
    """0 for a table that is not there."""

    def table(self, field: int) -> _Table:
        at = self._field(field)
        return _Table(self.data, at and at + int.from_bytes(self.data[at : at + 4], "little"))

    def byte(self, field: int) -> int:
        at = self._field(field)
        return self.data[at] if 0 < at < len(self.data) else 0

    def _field(self, number: int) -> int:
        """Return where a field stands; 0 if it has its usual value and therefore stands nowhere."""
        if not self.at:
            return 0
        names = self.at - int.from_bytes(self.data[self.at : self.at + 4], "little", signed=True)
        place = 4 + 2 * number
        if names < 0 or place >= int.from_bytes(self.data[names : names + 2], "little"):
            return 0
        offset = int.from_bytes(self.data[names + place : names + place + 2], "little")
        return self.at + offset if offset else 0
