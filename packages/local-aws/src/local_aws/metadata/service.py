"""IMDS for every instance, each on a loopback port of its own, all served by one HTTP server.

Protocol: "Use the Instance Metadata Service to access instance metadata" in the EC2 user guide:
a session token is required, unless HttpTokens is optional (version 1), and a request for one that
came through a proxy (X-Forwarded-For) is refused, as is every request while HttpEndpoint is
disabled. Web pages are refused too: a foreign Host (DNS rebinding), any Origin; and so are the
other users of this machine, who are no programs of the instance.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from local_aws.contract.credentials import RoleCredentials
from local_aws.contract.desired_state import Instance
from local_aws.host import peer_user, ports
from local_aws.host.http_server import PEER_USER, HttpPort, HttpServer
from local_aws.metadata import documents, error_pages
from local_aws.metadata.tokens import MAX_TTL_SECONDS, Tokens

CredentialsFor = Callable[[str], RoleCredentials | None]

_TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
_THREADS = 16
_CONNECTIONS = 1000
_BODY_BYTES = 4096
"""No request has a body; one that is sent is ignored."""


class MetadataService:
    """Each instance keeps its port until it is forgotten."""

    def __init__(self, credentials_for: CredentialsFor) -> None:
        """`credentials_for(instance_id)` is called at every request about a role, in any thread, so
        that a removed profile is gone at once; it returns the same credentials until shortly before
        they expire. None: the instance has no profile.
        """
        self._credentials_for = credentials_for
        self._ports: dict[str, int] = {}
        self._served: dict[str, tuple[_Subject, HttpPort]] = {}
        self._guard = threading.Lock()
        self._http = HttpServer(
            "metadata",
            threads=_THREADS,
            connections=_CONNECTIONS,
            body_bytes=_BODY_BYTES,
            bodies_bytes=_CONNECTIONS * _BODY_BYTES,
        )

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
            if instance.instance_id in self._served:
                subject, _ = self._served[instance.instance_id]
                subject.instance = instance
                return
            number = self._ports[instance.instance_id]
            subject = _Subject(instance, self._credentials_for, number)
            port = self._http.listen("127.0.0.1", number, subject.answer)
            self._served[instance.instance_id] = subject, port

    def withdraw(self, instance_id: str) -> None:
        """Stop answering for the instance; harmless when it is not served. Does not wait."""
        with self._guard:
            _, port = self._served.pop(instance_id, (None, None))
        if port is not None:
            self._http.withdraw(port)

    def forget(self, instance_id: str) -> None:
        """Stop answering for an instance that will never run again, and give its port back."""
        self.withdraw(instance_id)
        with self._guard:
            port = self._ports.pop(instance_id, None)
        if port is not None:
            ports.give_back(port)

    def stop(self) -> None:
        with self._guard:
            self._served.clear()
        self._http.stop()


@dataclass
class _Subject:
    """The instance that a port speaks for, as a WSGI application."""

    instance: Instance
    credentials_for: CredentialsFor
    port: int
    tokens: Tokens = field(default_factory=Tokens)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answers = {"PUT": self._issue_token, "GET": self._read, "HEAD": self._read}
        answer = answers.get(environ["REQUEST_METHOD"])
        if answer is None:
            status, body, seconds = HTTPStatus.METHOD_NOT_ALLOWED, b"", None
        elif not self._is_allowed(environ):
            status, body, seconds = HTTPStatus.FORBIDDEN, b"", None
        else:
            status, body, seconds = answer(environ)
        kind = "text/plain"
        if status in error_pages.STATUSES:
            kind, body = error_pages.CONTENT_TYPE, error_pages.page(status)
        headers = [
            ("Server", "EC2ws"),
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
        ]
        if seconds is not None:
            headers.append((_TTL_HEADER, str(seconds)))
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _is_allowed(self, environ: dict[str, Any]) -> bool:
        hosts = (f"127.0.0.1:{self.port}", f"localhost:{self.port}")
        return (
            self.instance.metadata_enabled
            and environ.get("HTTP_HOST") in hosts
            and "HTTP_ORIGIN" not in environ
            and peer_user.is_welcome(environ[PEER_USER]())
        )

    def _issue_token(self, environ: dict[str, Any]) -> tuple[HTTPStatus, bytes, int | None]:
        ttl = environ.get("HTTP_X_AWS_EC2_METADATA_TOKEN_TTL_SECONDS", "")
        if "HTTP_X_FORWARDED_FOR" in environ:
            return HTTPStatus.FORBIDDEN, b"", None
        if environ["REQUEST_URI"] != "/latest/api/token":
            return HTTPStatus.NOT_FOUND, b"", None
        is_number = ttl.isascii() and ttl.isdigit() and len(ttl) <= len(str(MAX_TTL_SECONDS))
        if not is_number or not 1 <= int(ttl) <= MAX_TTL_SECONDS:
            return HTTPStatus.BAD_REQUEST, b"", None
        return HTTPStatus.OK, self.tokens.issue(int(ttl), time.time()).encode(), int(ttl)

    def _read(self, environ: dict[str, Any]) -> tuple[HTTPStatus, bytes, int | None]:
        token = environ.get("HTTP_X_AWS_EC2_METADATA_TOKEN")
        remaining = None
        if token is not None or self.instance.metadata_needs_token:
            remaining = self.tokens.remaining_seconds(token or "", time.time())
        if remaining == 0:
            return HTTPStatus.UNAUTHORIZED, b"", None
        path = environ["REQUEST_URI"]
        is_of_role = documents.is_of_role(path)
        credentials = self.credentials_for(self.instance.instance_id) if is_of_role else None
        body = documents.look_up(path, self.instance, credentials, self.started_at)
        if body is None:
            return HTTPStatus.NOT_FOUND, b"", remaining
        return HTTPStatus.OK, body, remaining
