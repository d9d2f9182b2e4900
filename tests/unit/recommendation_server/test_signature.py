"""What is sent is what was signed, session token included."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from recommendation_server import config
from recommendation_server.aws import Access, Client, public_endpoint

CREDENTIALS = ReadOnlyCredentials("ASIAEXAMPLE", "secret", "session/token+with=signs")


class Received(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received = dict(self.headers.items()), body  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("service", ["dynamodb", "ssm"])
def test_the_signature_fits_the_request_that_arrives(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HTTPServer(("127.0.0.1", 0), Received) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(config, "AWS_ENDPOINT", url)
        access = Access()
        access.region, access.credentials = "eu-west-1", CREDENTIALS
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        Client(access, service).call("Operation", Name="é", Count=3)
        thread.join(5)
    headers, body = server.received  # type: ignore[attr-defined]
    sent = re.search(r"SignedHeaders=(\S+), Signature=(\w+)", headers["Authorization"])
    assert sent
    lower = {name.lower(): value for name, value in headers.items()}
    assert {"host", "x-amz-date", "x-amz-security-token", "x-amz-target"} <= set(sent[1].split(";"))
    again = AWSRequest("POST", f"{url}/", {name: lower[name] for name in sent[1].split(";")}, body)
    again.context["timestamp"] = lower["x-amz-date"]
    signer = SigV4Auth(CREDENTIALS, service, "eu-west-1")
    signature = signer.signature(
        signer.string_to_sign(again, signer.canonical_request(again)), again
    )
    assert signature == sent[2]


def test_the_public_endpoint_follows_the_partition() -> None:
    assert public_endpoint("ssm", "eu-west-1") == "https://ssm.eu-west-1.amazonaws.com"
    assert public_endpoint("ssm", "cn-north-1") == "https://ssm.cn-north-1.amazonaws.com.cn"
