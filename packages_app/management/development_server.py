"""The server behind runserver: Django's, but it never takes the rest of a refused body into memory."""

import re
import socket
from typing import Any, cast

from django.core.handlers.wsgi import LimitedStream
from django.core.servers import basehttp


class Body(LimitedStream):
    """A request's body that knows how much of it nobody has read."""

    def __init__(self, stream: Any, limit: int) -> None:  # noqa: ANN401 - whatever the socket gives
        super().__init__(stream, limit)
        self.left = limit

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to ``size`` bytes."""
        data = super().read(size)
        self.left -= len(data)
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line."""
        data = super().readline(size)
        self.left -= len(data)
        return data


class Handler(basehttp.ServerHandler):
    """Closes the connection over an unread body, where Django reads all that is left of it at once."""

    request_handler: "RequestHandler"

    def __init__(self, stdin: Any, stdout: Any, stderr: Any, environ: dict[str, Any]) -> None:  # noqa: ANN401 - as the base
        super().__init__(stdin, stdout, stderr, environ)
        self.stdin = self.body = Body(stdin, int(environ.get("CONTENT_LENGTH") or 0))

    def close(self) -> None:
        """End the request."""
        if self.body.left:
            self.request_handler.close_connection = True
        super(basehttp.ServerHandler, self).close()


class RequestHandler(basehttp.WSGIRequestHandler):
    """Reads one request after the other from a connection, each through our handler."""

    server: "Server"
    timeout = 60
    """Seconds that a client may be silent."""

    def handle_one_request(self) -> None:
        """Answer one request."""
        try:
            connection = cast("socket.socket", self.connection)
            connection.settimeout(self.timeout)
            self.raw_requestline = self.rfile.readline(65537)
        except TimeoutError:
            self.close_connection = True
            return
        if len(self.raw_requestline) > 65536:  # noqa: PLR2004 - the limit of http.server
            self.requestline = self.request_version = self.command = ""
            self.send_error(414)
            return
        if not self.parse_request() or not self.framed():  # it has answered by itself
            return
        environ: dict[str, Any] = self.get_environ()
        environ["gunicorn.socket"] = connection  # under the name by which the other server gives it
        handler = Handler(self.rfile, self.wfile, self.get_stderr(), environ)
        handler.request_handler = self
        handler.run(self.server.get_app())  # type: ignore[arg-type]  # set before the server takes connections

    def framed(self) -> bool:
        """Return whether it is clear where the request's body ends; otherwise refuse it and close the connection.

        RFC 9112, section 6.3: what one server takes for a body, another may take for the next request.
        """
        lengths = self.headers.get_all("Content-Length", ["0"])
        clear = len(lengths) == 1 and re.fullmatch(r"[0-9]{1,18}", lengths[0].strip()) is not None
        if clear and "Transfer-Encoding" not in self.headers:
            return True
        self.close_connection = True
        self.send_error(411 if "Transfer-Encoding" in self.headers else 400, "Send one plain Content-Length.")
        return False


class Server(basehttp.WSGIServer):
    """Answers each connection in a thread of its own."""

    def __init__(self, server_address: Any, _: type, **options: Any) -> None:  # noqa: ANN401 - as the base
        super().__init__(server_address, RequestHandler, **options)
