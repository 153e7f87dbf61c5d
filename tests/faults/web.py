"""A web server of one folder that can be switched off, as a network drive is that disappears."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Drive:
    """Serves files with ranges, until :meth:`vanish`.

    Parameters
    ----------
    folder
        What is served.

    Attributes
    ----------
    prefix
        Start of GDAL's paths of the files.
    served
        Requests answered so far.
    """

    def __init__(self, folder: Path) -> None:
        drive = self
        self.folder, self.served, self._gone = folder, 0, False

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(body=False)

            def do_GET(self) -> None:
                self._answer(body=True)

            def _answer(self, *, body: bool) -> None:
                if drive._gone:  # the line is dead: not even an error comes back
                    self.close_connection = True
                    self.connection.close()
                    return
                drive.served += 1
                path = drive.folder / self.path.lstrip("/")
                if not path.is_file():
                    self.send_response(404)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                size = path.stat().st_size
                first, last, wanted = 0, size - 1, self.headers.get("Range", "")
                if wanted.startswith("bytes="):
                    begin, _, end = wanted[6:].partition("-")
                    first, last = int(begin or 0), min(int(end or last), last)
                self.send_response(206 if wanted else 200)
                self.send_header("Content-Length", str(last - first + 1))
                self.send_header("Accept-Ranges", "bytes")
                if wanted:
                    self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
                self.end_headers()
                if body:
                    with path.open("rb") as stream:
                        stream.seek(first)
                        self.wfile.write(stream.read(last - first + 1))

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """Say nothing: that is what is tested."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.prefix = f"/vsicurl/http://127.0.0.1:{self._server.server_port}/"

    def vanish(self) -> None:
        """Answer nobody any more."""
        self._gone = True

    def come_back(self) -> None:
        """Answer again."""
        self._gone = False

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
