"""HTTP on loopback that silent, slow and very many connections cannot hold up.

waitress reads all connections in one event loop and hands complete requests to threads, so that
nobody who has sent only half of one holds a thread. Added here:

    many ports        one loop and its threads serve any number of ports, each with its application
    a full house      at the limit the connection that has waited longest is closed for the new one
    a time limit      for a request to arrive, however steadily it drips
    header fields     as they came: signatures and S3's metadata need their names and repetitions
    who connected     the user at the other end, where the kernel reports it
    who has left      whether the other end is closed, for requests that wait
    one more thread   in the place of one that waits
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import logging
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, get_header_lines
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.trigger import trigger

from local_aws.host import peer_user

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

FIELDS = "local_aws.fields"
"""The WSGI key of the header fields as they came: a list of (lower-case name, value)."""
PEER_USER = "local_aws.host.peer_user"
"""The WSGI key of a function: the uid of whoever connected, or None when it is not known."""

CLIENT_IS_GONE = "local_aws.host.client_is_gone"
"""The WSGI key of a function: whether the client has closed its end of the connection."""

_HEAD_BYTES = 65_536
_REQUEST_SECONDS = 120
"""For a whole request to arrive, and for an idle connection to send the next one."""
_CHECK_SECONDS = 5
_LAST_REQUESTS_SECONDS = 2
_LAST_REPLIES_SECONDS = 5
_MEBIBYTE = 1024 * 1024

# It reports each request that waits for a thread.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class HttpServer:
    """One event loop and `threads` that answer; up to `connections` at a time, of all its ports.

    A request's body may have `body_bytes`; all the bodies that are arriving `bodies_bytes` together
    (larger ones are in temporary files), or else the connection that has waited longest is closed.
    """

    def __init__(
        self, name: str, *, threads: int, connections: int, body_bytes: int, bodies_bytes: int
    ) -> None:
        self.bodies_bytes = bodies_bytes
        # A daemon needs descriptors for other things, too.
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.connections = min(connections, max(16, descriptors // 4))
        self.channels: set[_Channel] = set()
        self.settings = Adjustments(
            ident=None,
            clear_untrusted_proxy_headers=False,
            max_request_header_size=_HEAD_BYTES,
            max_request_body_size=body_bytes,
            recv_bytes=65_536,
            # No thread ever waits for a client to read its answer; what is large goes to a file.
            outbuf_high_watermark=2**62,
            cleanup_interval=_CHECK_SECONDS,
            backlog=1024,
        )
        self.map: dict[int, Any] = {}
        self.trigger = trigger(self.map)
        self.threads = ThreadedTaskDispatcher()
        self._is_stopping = False
        self._thread_count = threads
        self._counting = threading.Lock()
        self._change_thread_count(0)
        loop = functools.partial(wasyncore.loop, timeout=1, use_poll=True, map=self.map)
        self._thread = threading.Thread(target=loop, name=name, daemon=True)
        self._thread.start()

    def listen(self, host: str, port: int, application: WsgiApplication) -> HttpPort:
        """Serve an application on a port; 0 takes a free one. Raises OSError."""
        opened: HttpPort = self._in_loop(lambda: HttpPort(self, host, port, application))
        return opened

    def stop(self) -> None:
        """Stop listening, and let running requests finish and their replies arrive.

        For the first there are two seconds, for the second five.
        """
        self._in_loop(self._stop_listening)
        with self._counting:
            self._is_stopping = True
        self.threads.shutdown(timeout=_LAST_REQUESTS_SECONDS)
        self._in_loop(self._hang_up)
        self._thread.join(timeout=_LAST_REPLIES_SECONDS)
        wasyncore.close_all(self.map, ignore_all=True)

    @contextlib.contextmanager
    def one_thread_more(self) -> Iterator[None]:
        """Within it another thread answers in the place of this one, which waits.

        There are never more of them than connections.
        """
        self._change_thread_count(+1)
        try:
            yield
        finally:
            self._change_thread_count(-1)

    def _change_thread_count(self, by: int) -> None:
        with self._counting:
            self._thread_count += by
            if not self._is_stopping:
                self.threads.set_thread_count(self._thread_count)

    def withdraw(self, port: HttpPort) -> None:
        """Stop listening on the port, and close its connections. Does not wait."""
        self.trigger.pull_trigger(port.withdraw)

    def make_room(self) -> None:
        """Close the connection that has waited longest for its client, if any waits."""
        waiting = [channel for channel in self.channels if channel.waits]
        if waiting:
            min(waiting, key=lambda channel: channel.waits_since).handle_close()

    def _stop_listening(self) -> None:
        for entry in list(self.map.values()):
            if isinstance(entry, HttpPort):
                entry.close()

    def _hang_up(self) -> None:
        """Close each connection once its reply is sent; with the last one the event loop ends."""
        for channel in self.channels:
            channel.close_when_flushed = True
        self.trigger.close()

    def _in_loop(self, action: Callable[[], Any]) -> Any:
        """The event loop's own thread does it: nothing else may change what it looks at."""
        done: concurrent.futures.Future[Any] = concurrent.futures.Future()

        def act() -> None:
            try:
                done.set_result(action())
            except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
                done.set_exception(error)

        self.trigger.pull_trigger(act)
        return done.result(timeout=30)


class HttpPort(TcpWSGIServer):  # type: ignore[misc] # waitress has no types
    """A port of an HttpServer, and the application that answers there."""

    trigger: Any

    def __init__(
        self, http: HttpServer, host: str, port: int, application: WsgiApplication
    ) -> None:
        self.http = http
        listening = socket.create_server((host, port), backlog=http.settings.backlog)
        super().__init__(
            application,
            map=http.map,
            _sock=listening,
            dispatcher=http.threads,
            adj=http.settings,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            bind_socket=False,
        )
        self.channel_class = _Channel
        self.number: int = listening.getsockname()[1]
        # One wakes the loop for all ports: it takes two descriptors.
        self.trigger.close()
        self.trigger = http.trigger

    def close(self) -> None:
        wasyncore.dispatcher.close(self)

    def withdraw(self) -> None:
        self.close()
        for channel in list(self.active_channels.values()):
            channel.handle_close()

    def handle_accept(self) -> None:
        if len(self.http.channels) >= self.http.connections:
            self.http.make_room()
        super().handle_accept()

    def readable(self) -> bool:
        """Whether to accept: not while every connection that there may be is being answered."""
        super().readable()
        http = self.http
        return len(http.channels) < http.connections or any(c.waits for c in http.channels)

    def maintenance(self, now: float) -> None:
        for channel in self.active_channels.values():
            if channel.waits and channel.waits_since < now - _REQUEST_SECONDS:
                channel.will_close = True


class _Parser(HTTPRequestParser):  # type: ignore[misc] # waitress has no types
    fields: list[tuple[str, str]]
    expect_continue: bool

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except Exception as error:
            # Also lengths of thousands of digits, and transfer encodings that nobody knows.
            raise ParsingError(str(error)) from error
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        # waitress would wait for the body that was announced with a length of 0.
        self.expect_continue = self.expect_continue and self.body_rcv is not None
        lines = get_header_lines(header_plus.partition(b"\r\n")[2])
        pairs = (line.partition(b":") for line in lines)
        self.fields = [(_text(name).lower(), _text(value).strip(" \t")) for name, _, value in pairs]


class _Task(WSGITask):  # type: ignore[misc] # waitress has no types
    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[FIELDS] = self.request.fields
        environ[PEER_USER] = self.channel.peer_user
        environ[CLIENT_IS_GONE] = self.channel.client_is_gone
        return environ

    def write(self, data: bytes) -> None:
        """A reply to HEAD has no body: the client would take it for the next reply."""
        is_head = self.request.command == "HEAD"
        super().write(b"" if is_head else data)
        if is_head:
            self.chunked_response = False  # or a last chunk would follow

    def build_response_header(self) -> bytes:
        """waitress capitalizes names, but what follows x-amz-meta- is a name of the user's."""
        as_given = {name.lower(): name for name, _ in self.response_headers}
        first, *lines = super().build_response_header().decode("latin-1").split("\r\n")
        fields = [line.partition(":") for line in lines if not line.startswith("Via:")]
        named = [as_given.get(name.lower(), name) + colon + value for name, colon, value in fields]
        return "\r\n".join([first, *named]).encode("latin-1")


class _Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """A connection. It waits while no request of it is complete: for its client, that is."""

    parser_class = _Parser
    task_class = _Task
    error_task_class = ErrorTask

    def __init__(self, server: HttpPort, *arguments: Any, **options: Any) -> None:
        self.waits_since = time.time()
        self._peer_user: list[int | None] = []
        super().__init__(server, *arguments, **options)
        server.http.channels.add(self)

    @property
    def waits(self) -> bool:
        return not self.requests

    def del_channel(self, map: dict[int, Any] | None = None) -> None:  # noqa: A002 - the base's name
        super().del_channel(map)
        self.server.http.channels.discard(self)
        if self.request is not None:
            self.request.close()  # what has arrived of a body is in a file, or in memory

    def received(self, data: bytes) -> bool:
        if self.request is None and self.waits:
            self.waits_since = time.time()
        done: bool = super().received(data)
        if self._arrived() > _MEBIBYTE:
            http = self.server.http
            if sum(channel._arrived() for channel in http.channels) > http.bodies_bytes:
                http.make_room()
        return done

    def service(self) -> None:
        super().service()
        self.waits_since = time.time()

    def peer_user(self) -> int | None:
        """The same one for as long as the connection lasts."""
        if not self._peer_user:
            self._peer_user.append(peer_user.uid_at(self.addr, self.socket.getsockname()))
        return self._peer_user[0]

    def client_is_gone(self) -> bool:
        """Nothing else reads from the connection while a request of it is answered."""
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:  # nothing has come
            return False
        except OSError:
            return True

    def _arrived(self) -> int:
        request = self.request
        return request.body_bytes_received if request is not None else 0


def _text(raw: bytes) -> str:
    """Header fields are UTF-8 where AWS's clients send more than ASCII, but need not be."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
