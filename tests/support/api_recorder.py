"""Stands between an AWS client and the local AWS, and keeps the name of every call.

with ApiRecorder(home) as recorder:
    ...                          # whoever asks where the local AWS is gets the recorder
recorder.calls, recorder.writes, recorder.actions
"""

from __future__ import annotations

import http.client
import io
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from local_aws.control_plane import api_request
from local_aws.control_plane.iam.actions import s3_actions
from local_aws.host.http_server import FIELDS

_SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/")
_READS = ("Describe", "Get", "List", "BatchGet", "Scan", "Query", "Estimate")


class ApiRecorder(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, home: Path) -> None:
        """`home` is the state folder of a local AWS that runs."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[str] = []
        self.actions: set[str] = set()  # as policies name them: "ec2:RebootInstances"
        self._record = home / "running.json"
        self.endpoint = json.loads(self._record.read_text())["endpoint"]

    @property
    def writes(self) -> list[str]:
        """The calls that may have changed something, by their names."""
        return [call for call in self.calls if not call.startswith(_READS)]

    def __enter__(self) -> ApiRecorder:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        self._name_endpoint(f"http://127.0.0.1:{self.server_address[1]}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._name_endpoint(self.endpoint)
        self.shutdown()
        self.server_close()

    def _name_endpoint(self, endpoint: str) -> None:
        record = json.loads(self._record.read_text()) | {"endpoint": endpoint}
        self._record.write_text(json.dumps(record))


class _Handler(BaseHTTPRequestHandler):
    server: ApiRecorder
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self._name(body)
        self.server.calls.append(name)
        signed = _SIGNED_FOR.search(self.headers.get("Authorization", ""))
        if signed:
            self.server.actions.add(f"{signed['service']}:{name}")
        connection = http.client.HTTPConnection(urlsplit(self.server.endpoint).netloc, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                self.send_header(name, value)
        # Of what HEAD asks about, the length is told and nothing is sent.
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST  # noqa: N815 - S3 has them all

    def _name(self, body: bytes) -> str:
        """Of the AWS action: from the header (JSON), the form (query) or the whole request (S3)."""
        request = api_request.read(
            {
                FIELDS: [(name.lower(), value) for name, value in self.headers.items()],
                "REQUEST_METHOD": self.command,
                "REQUEST_URI": self.path,
                "wsgi.input": io.BytesIO(body),
            }
        )
        return request.action or s3_actions.action_of(request) or f"{self.command} {self.path}"

    def log_message(self, *_: object) -> None:
        """Nothing."""
