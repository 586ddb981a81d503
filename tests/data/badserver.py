"""A web server on this machine that behaves as badly as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """What the server sends for /file, and how."""

    content: bytes
    breaks_off_after: int | None = None
    """Close the connection after so many bytes of an answer."""
    ignores_range: bool = False
    shifts_range: int = 0
    status: int = 200
    announces_length: bool = True
    redirects_to_page: bool = False
    requests: list[str | None] = field(default_factory=list)
    """The Range header of each request for /file."""
    url: str = ""


@contextmanager
def serve(content: bytes) -> Iterator[Behaviour]:
    """A server for the time of the block; change its behaviour through what it yields."""
    behaviour = Behaviour(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/page":
                self._answer(
                    200, b"<html>Too many people want this file.</html>", {"Content-Type": "text/html"}
                )
                return
            wanted = self.headers["Range"]
            behaviour.requests.append(wanted)
            if behaviour.redirects_to_page:
                self._answer(302, b"", {"Location": "/page"})
            elif behaviour.status != 200:
                self._answer(behaviour.status, b"no such file", {"Content-Type": "text/plain"})
            elif wanted and not behaviour.ignores_range:
                start = int(wanted.removeprefix("bytes=").removesuffix("-")) + behaviour.shifts_range
                end = len(behaviour.content)
                self._answer(
                    206, behaviour.content[start:], {"Content-Range": f"bytes {start}-{end - 1}/{end}"}
                )
            else:
                self._answer(200, behaviour.content, {})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if behaviour.announces_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: behaviour.breaks_off_after])

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    behaviour.url = f"http://127.0.0.1:{server.server_port}/file"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield behaviour
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
