"""IMDSv2 for every instance, each on a loopback port of its own.

Protocol: "Use the Instance Metadata Service to access instance metadata" in the EC2 user guide:
a session token is required (v1 is off), and a request for one that came through a proxy, told by
X-Forwarded-For, is refused. Web pages are refused too: a foreign Host (DNS rebinding), any Origin.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from local_aws import ports
from local_aws.credentials import RoleCredentials
from local_aws.desired_state import Instance
from local_aws.metadata import documents
from local_aws.metadata.tokens import MAX_TTL_SECONDS, Tokens

CredentialsFor = Callable[[str], RoleCredentials | None]

_TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
_TOKEN_HEADER = "X-aws-ec2-metadata-token"  # noqa: S105 - a header's name
_IDLE_SECONDS = 30


class MetadataService:
    """Each instance keeps its port for as long as this object lives."""

    def __init__(self, credentials_for: CredentialsFor) -> None:
        """`credentials_for(instance_id)` is asked at every request about a role, in any thread, so
        that a removed profile is gone at once; it keeps what it minted until shortly before its
        expiry. None: the instance has no profile.
        """
        self._credentials_for = credentials_for
        self._ports: dict[str, int] = {}
        self._servers: dict[str, _Server] = {}
        self._guard = threading.Lock()

    def endpoint(self, instance_id: str) -> str:
        """The URL for AWS_EC2_METADATA_SERVICE_ENDPOINT, also before the instance is served."""
        with self._guard:
            if instance_id not in self._ports:
                self._ports[instance_id] = ports.free_port()
            return f"http://127.0.0.1:{self._ports[instance_id]}"

    def serve(self, instance: Instance) -> None:
        """Answer for the instance from now on; again with changed tags shows the new ones.

        Raises OSError when another program has taken the instance's port.
        """
        self.endpoint(instance.instance_id)
        with self._guard:
            server = self._servers.get(instance.instance_id)
            if server is not None:
                server.subject.instance = instance
                return
            port = self._ports[instance.instance_id]
            subject = _Subject(instance, self._credentials_for)
            self._servers[instance.instance_id] = _Server(port, subject)

    def withdraw(self, instance_id: str) -> None:
        """Stop answering for the instance; harmless when it is not served. Does not wait."""
        with self._guard:
            server = self._servers.pop(instance_id, None)
        if server is not None:
            threading.Thread(target=server.close, daemon=True).start()

    def stop(self) -> None:
        for instance_id in list(self._servers):
            self.withdraw(instance_id)


@dataclass
class _Subject:
    """The instance that a server speaks for."""

    instance: Instance
    credentials_for: CredentialsFor
    tokens: Tokens = field(default_factory=Tokens)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def read(self, path: str) -> bytes | None:
        about_a_role = "/iam" in path or path.rstrip("/").endswith("meta-data")
        credentials = self.credentials_for(self.instance.instance_id) if about_a_role else None
        return documents.look_up(path, self.instance, credentials, self.started_at)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, subject: _Subject) -> None:
        self.subject = subject
        super().__init__(("127.0.0.1", port), _Handler)
        threading.Thread(target=self.serve_forever, name=f"metadata {port}", daemon=True).start()

    def server_bind(self) -> None:
        # HTTPServer would look up the host's name, which can hang for as long as DNS does.
        TCPServer.server_bind(self)

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "EC2ws"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    # One segment for head and body: otherwise Nagle and delayed ACK add 40 ms to every answer.
    wbufsize = -1

    def do_PUT(self) -> None:
        ttl = self.headers.get(_TTL_HEADER, "")
        if not self._is_allowed() or "X-Forwarded-For" in self.headers:
            self._answer(403)
        elif self.path != "/latest/api/token":
            self._answer(404)
        elif not ttl.isascii() or not ttl.isdigit() or not 1 <= int(ttl) <= MAX_TTL_SECONDS:
            self._answer(400)
        else:
            token = self.server.subject.tokens.issue(int(ttl), time.time())
            self._answer(200, token.encode(), int(ttl))

    def do_GET(self) -> None:
        token = self.headers.get(_TOKEN_HEADER, "")
        remaining = self.server.subject.tokens.remaining_seconds(token, time.time())
        if not self._is_allowed():
            self._answer(403)
        elif remaining == 0:
            self._answer(401)
        else:
            body = self.server.subject.read(self.path)
            self._answer(404 if body is None else 200, body or b"", remaining)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _is_allowed(self) -> bool:
        port = self.server.server_address[1]
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        return self.headers.get("Host") in hosts and "Origin" not in self.headers

    def _answer(self, status: int, body: bytes = b"", token_seconds: int | None = None) -> None:
        # A request's body is never read; on a kept connection it would be the next request.
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        if token_seconds is not None:
            self.send_header(_TTL_HEADER, str(token_seconds))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Nothing: a log would hold tokens' holders and grow with every refresh."""
