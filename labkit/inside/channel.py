"""Messages between the grader and its sandbox: a small JSON object, and bytes that belong to it.

Both sides use this module; the grader's side takes nothing for granted that it reads. What comes is bounded
before it is read, in size and in time.
"""

import json
import socket
import struct
import time
from typing import Any

MAX_HEADER = 2**16
MAX_BODY = 2**26

_SIZES = struct.Struct(">II")


class ChannelError(Exception):
    """The other side is gone, or sent what is no message."""


class SilenceError(ChannelError):
    """Nothing came in time."""


class Channel:
    """One end of a stream socket."""

    def __init__(self, end: socket.socket):
        self._end = end

    def send(self, header: dict[str, Any], body: bytes = b"", seconds: float | None = None) -> None:
        """Send a message, within so many seconds.

        Raises SilenceError where it is not read in time, ChannelError where the other side is gone.
        """
        text = json.dumps(header).encode()
        try:
            self._end.settimeout(None if seconds is None else max(seconds, 0.001))
            self._end.sendall(_SIZES.pack(len(text), len(body)) + text + body)
        except TimeoutError:
            raise SilenceError("nobody reads") from None
        except OSError as error:
            raise ChannelError(f"the other side is gone: {error}") from None

    def receive(self, seconds: float | None = None) -> tuple[dict[str, Any], bytes]:
        """Wait for a message, at most so long.

        Raises SilenceError where nothing came, ChannelError where the other side is gone or what came is
        none.
        """
        until = None if seconds is None else time.monotonic() + seconds
        size, more = _SIZES.unpack(self._read(_SIZES.size, until))
        if size > MAX_HEADER or more > MAX_BODY:
            raise ChannelError(f"a message of {size} + {more} bytes is not accepted")
        text, body = self._read(size, until), self._read(more, until)
        try:
            header = json.loads(_writable(json.loads(text)))
        except (ValueError, RecursionError):
            raise ChannelError("what came is no message") from None
        if not isinstance(header, dict):
            raise ChannelError("what came is no message")
        return header, body

    def close(self) -> None:
        """Tell the other side that nothing will follow."""
        self._end.close()

    def _read(self, size: int, until: float | None) -> bytes:
        data = bytearray()
        while len(data) < size:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise SilenceError("nothing came in time")
            try:
                self._end.settimeout(left)
                part = self._end.recv(min(size - len(data), 2**20))
            except TimeoutError:
                raise SilenceError("nothing came in time") from None
            except OSError as error:
                raise ChannelError(f"the other side is gone: {error}") from None
            if not part:
                raise ChannelError("the other side is gone")
            data += part
        return bytes(data)


def _writable(value: Any) -> str:
    """As JSON without what no file can hold: halves of surrogate pairs become question marks."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
