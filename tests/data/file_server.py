"""A file server on the loopback interface that breaks off, changes its file, and refuses, as told."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class FileServer:
    """Serves `content` under every path.

    Attributes:
        content: the file.
        etag: its version; empty: neither sent nor understood.
        with_length: whether the size is said beforehand.
        breaks: bytes after which the first, second, ... answer breaks off.
        statuses: what the first, second, ... answer is instead of the file.
        asked: the Range header of each request, or None.
    """

    content: bytes
    etag: str = '"1"'
    with_length: bool = True
    breaks: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    wrong_range: bool = False
    asked: list[str | None] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "file.bin") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{path}"


def _handler(server: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            server.asked.append(asked)
            if server.statuses:
                self.send_error(server.statuses.pop(0))
                return
            same = asked and server.etag and self.headers.get("If-Range") == server.etag
            start = int(asked.removeprefix("bytes=").rstrip("-")) if same else 0
            if same and start >= len(server.content):
                self.send_error(416)
                return
            self._send(start, partial=bool(same))

        def _send(self, start: int, partial: bool) -> None:
            body = server.content[start:]
            self.send_response(206 if partial else 200)
            if partial:
                first = 0 if server.wrong_range else start
                self.send_header(
                    "Content-Range", f"bytes {first}-{len(server.content) - 1}/{len(server.content)}"
                )
            if server.etag:
                self.send_header("ETag", server.etag)
            if server.with_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body[: server.breaks.pop(0)] if server.breaks else body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
