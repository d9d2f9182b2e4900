"""Stands between an AWS client and the local AWS, and keeps the name of every call.

with ApiRecorder(local_aws) as recorder:
    ...                          # whoever asks where the local AWS is gets the recorder
recorder.calls, recorder.writes
"""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from local_aws_command import LocalAws

_READS = ("Describe", "Get", "List", "BatchGet", "Scan", "Query", "Estimate")


class ApiRecorder(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, local_aws: LocalAws) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = local_aws.running["endpoint"]
        self.calls: list[str] = []
        self._record = local_aws.home / "running.json"

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
        """What the playbooks call has no other method: all but S3 is of the query or JSON kind."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.calls.append(self._name(body))
        connection = http.client.HTTPConnection(urlsplit(self.server.endpoint).netloc, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    def _name(self, body: bytes) -> str:
        """Of the AWS action: from the header (JSON protocols) or the form (query protocol)."""
        target = self.headers.get("X-Amz-Target")
        if target:
            return target.partition(".")[2]
        form = parse_qs(body.decode(errors="replace"))
        return form.get("Action", [f"{self.command} {self.path}"])[0]

    def log_message(self, *_: object) -> None:
        """Nothing."""
