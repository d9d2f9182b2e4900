"""What an instance finds around it on AWS: AWS's own names over TLS, and the metadata service.

The local AWS answers behind both. It knows no name but its own, so each request is signed again for
it, with the keys of the role that the metadata service has given; other keys are refused.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import certificates
import urllib3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from instance_network import InstanceNetwork

METADATA_ADDRESS = "169.254.169.254"
NAMES_ADDRESS = "203.0.113.1"  # RFC 5737: nobody's
_REGION = "us-east-1"
_DOMAIN = f"{_REGION}.amazonaws.com"
_SERVICES = ("cloudformation", "dynamodb", "elasticloadbalancing", "s3", "ssm", "sts")
_HOST = re.compile(
    rf"(?:(?P<bucket>[a-z0-9-]+)\.)?(?P<service>[a-z0-9]+)(?:\.{_REGION})?\.amazonaws\.com"
)
_KEY_ID = re.compile(r"Credential=([^/]+)/")
_TOKEN = "X-aws-ec2-metadata-token"
_OF_A_CONNECTION = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
_OF_A_SIGNATURE = {"authorization", "x-amz-date", "x-amz-security-token"}


@dataclass(frozen=True)
class Call:
    """A request that the instance signed. `action` is the operation, or S3's method and path."""

    service: str
    action: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> _Request:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        return cls(
            environ["REQUEST_METHOD"],
            environ["REQUEST_URI"],
            headers,
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
        )

    def call(self, service: str) -> Call:
        form = dict(parse_qsl(self.body.decode(errors="replace")))
        if "Action" in form:
            return Call(service, form["Action"], form)
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        return Call(service, target or f"{self.method} {self.path}", {})


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class _Server(Server):
    """Listens in the world; its threads stay here, where the local AWS is."""

    network: InstanceNetwork

    def bind(self, *arguments: Any) -> None:
        with self.network.world():
            super().bind(*arguments)


class Surroundings:
    """Closes what it serves when it is left."""

    def __init__(self, endpoint: str, metadata: str, user_data: bytes, bucket: str) -> None:
        """`endpoint` is the local AWS's, `metadata` the service of the instance whose place a
        machine takes; what it has for user data is `user_data` instead.
        """
        self.calls: list[Call] = []
        self._endpoint = endpoint
        self._metadata = metadata
        self._user_data = user_data
        self._http = urllib3.PoolManager(retries=False, timeout=20, maxsize=32)
        self._keys: dict[str, Credentials] = {}
        self._servers: list[_Server] = []
        names = [f"{service}.{_DOMAIN}" for service in _SERVICES]
        self._names = [*names, f"{bucket}.s3.{_DOMAIN}", f"{bucket}.s3.amazonaws.com"]
        self._pair = certificates.pair(*self._names)

    @property
    def hosts(self) -> str:
        """The lines of /etc/hosts."""
        return "".join(f"{NAMES_ADDRESS} {name}\n" for name in self._names)

    @property
    def authority(self) -> str:
        """Who vouches for the names, as PEM."""
        return self._pair.authority.decode()

    def serve(self, network: InstanceNetwork, folder: Path) -> None:
        """In the network's world; `folder` gets the certificate."""
        chain, key = folder / "chain.pem", folder / "key.pem"
        chain.write_bytes(self._pair.certificate)
        key.write_bytes(self._pair.private_key)
        names = _Server((NAMES_ADDRESS, 443), self._answer_as_aws)
        names.ssl_adapter = BuiltinSSLAdapter(str(chain), str(key))
        self._servers = [names, _Server((METADATA_ADDRESS, 80), self._answer_metadata)]
        for server in self._servers:
            server.network = network
            server.prepare()
            threading.Thread(target=server.serve, daemon=True).start()

    def close(self) -> None:
        for server in self._servers:
            server.stop()

    def _answer_metadata(self, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        request = _Request.of(environ)
        headers = request.headers
        if request.method == "GET" and _TOKEN.title() not in headers:
            headers = headers | self._token()
        answer = self._send(request.method, self._metadata + request.path, headers, b"")
        if request.path.endswith("/user-data") and answer.status == HTTPStatus.OK:
            answer = _Answer(HTTPStatus.OK, self._user_data)
        if "/security-credentials/" in request.path and answer.body.startswith(b"{"):
            given = json.loads(answer.body)
            self._keys[given["AccessKeyId"]] = Credentials(
                given["AccessKeyId"], given["SecretAccessKey"], given["Token"]
            )
        return _respond(answer, start_response)

    def _token(self) -> dict[str, str]:
        """For cloud-init, which asks for none in a container: no hardware tells it that it is on
        EC2."""
        url = f"{self._metadata}/latest/api/token"
        answer = self._send("PUT", url, {f"{_TOKEN}-ttl-seconds": "60"}, b"")
        return {_TOKEN: answer.body.decode()}

    def _answer_as_aws(self, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        request = _Request.of(environ)
        host = _HOST.fullmatch(request.headers.get("Host", ""))
        key_id = _KEY_ID.search(request.headers.get("Authorization", ""))
        if host is None or key_id is None or key_id[1] not in self._keys:
            refusal = b"no request of this instance's role to a service of this region"
            return _respond(_Answer(HTTPStatus.FORBIDDEN, refusal), start_response)
        service = host["service"]
        bucket = f"/{host['bucket']}" if host["bucket"] else ""
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _OF_A_CONNECTION | _OF_A_SIGNATURE
        }
        signed = AWSRequest(
            request.method, self._endpoint + bucket + request.path, headers, request.body
        )
        signer = S3SigV4Auth if service == "s3" else SigV4Auth
        signer(self._keys[key_id[1]], service, _REGION).add_auth(signed)
        self.calls.append(request.call(service))
        answer = self._send(request.method, signed.url, dict(signed.headers), request.body)
        return _respond(answer, start_response)

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> _Answer:
        try:
            answer = self._http.request(method, url, headers=_carried(headers), body=body or None)
        except urllib3.exceptions.HTTPError as error:
            return _Answer(HTTPStatus.BAD_GATEWAY, str(error).encode())
        return _Answer(answer.status, answer.data, _carried(answer.headers))


def _carried(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _OF_A_CONNECTION}


def _respond(answer: _Answer, start_response: Any) -> Iterable[bytes]:
    length = str(len(answer.body))
    headers = [*answer.headers.items(), ("Content-Length", length)]
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
    return [answer.body]
