"""The server behind runserver: Django's, but it never takes the rest of a refused body into memory."""

from typing import Any

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
        length = str(environ.get("CONTENT_LENGTH") or "0")
        self.stdin = self.body = Body(stdin, int(length) if length.isdigit() else 0)

    def close(self) -> None:
        """End the request."""
        if self.body.left:
            self.request_handler.close_connection = True
        super(basehttp.ServerHandler, self).close()


class RequestHandler(basehttp.WSGIRequestHandler):
    """Reads one request after the other from a connection, each through our handler."""

    server: "Server"

    def handle_one_request(self) -> None:
        """Answer one request."""
        self.raw_requestline = self.rfile.readline(65537)
        if len(self.raw_requestline) > 65536:  # noqa: PLR2004 - the limit of http.server
            self.requestline = self.request_version = self.command = ""
            self.send_error(414)
            return
        if not self.parse_request():  # it has answered by itself
            return
        handler = Handler(self.rfile, self.wfile, self.get_stderr(), self.get_environ())
        handler.request_handler = self
        handler.run(self.server.get_app())  # type: ignore[arg-type]  # set before the server takes connections


class Server(basehttp.WSGIServer):
    """Answers each connection in a thread of its own."""

    def __init__(self, server_address: Any, _: type, **options: Any) -> None:  # noqa: ANN401 - as the base
        super().__init__(server_address, RequestHandler, **options)
