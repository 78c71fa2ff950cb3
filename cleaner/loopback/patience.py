"""How long the server waits for a client: to send the head of a request, to take its answer."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

PATIENCE = 10.0
"""Seconds."""


class PatientProtocol(H11Protocol):
    """HTTP that ends a connection which keeps the server waiting.

    uvicorn waits for ever for the rest of a head, of a body whose answer is sent, and for a client that
    does not read. While a request is being served the clock stands still; the application has its own.
    """

    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Start the clock."""
        super().connection_made(transport)
        self._mind()

    def data_received(self, data: bytes) -> None:
        """Stop the clock when a request has begun; a trickle of bytes does not set it back."""
        super().data_received(data)
        self._mind()

    def on_response_complete(self) -> None:
        """Start the clock for the next request, or for what is left of this one's body."""
        super().on_response_complete()
        self._mind()

    def pause_writing(self) -> None:
        """Start the clock for a client that does not read."""
        super().pause_writing()
        self._writing = self.loop.call_later(PATIENCE, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop it."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clocks."""
        super().connection_lost(exc)
        for clock in (self._reading, self._writing):
            if clock is not None:
                clock.cancel()

    def _mind(self) -> None:
        cycle: RequestResponseCycle | None = self.cycle  # None until the first request, whatever its type says
        serving = cycle is not None and not cycle.response_complete
        if serving and self._reading is not None:
            self._reading.cancel()
            self._reading = None
        elif not serving and self._reading is None:
            self._reading = self.loop.call_later(PATIENCE, self.transport.abort)
