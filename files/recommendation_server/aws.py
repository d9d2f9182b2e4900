"""Signed calls to AWS services that speak JSON, fast and bounded in time.

botocore finds, refreshes and signs with the credentials; its clients are not used on the request
path because building and parsing a call with them takes several times as long as this does.
"""

from __future__ import annotations

import json
import time
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from recommendation_server.errors import NotReady, Refused, Unavailable
from recommendation_server.identity import UNKNOWN
from recommendation_server.log import Change

CONNECT_SECONDS = 0.1
READ_SECONDS = 0.25
_LARGEST_REPLY_BYTES = 1 << 20  # an item has at most 400 KB


class Access:
    """Where to send calls and what to sign them with. Only the background thread refreshes it.

    So no request ever waits for the metadata service. Credentials that can no longer be refreshed
    stay in use until AWS refuses them, as in any running AWS SDK.
    """

    def __init__(self, endpoint: str | None) -> None:
        self.region = UNKNOWN
        self.credentials: ReadOnlyCredentials | None = None
        self._endpoint = endpoint
        self._session = Session()
        self._change = Change("credentials")

    def refresh(self, region: str) -> None:
        self.region = region
        try:
            found = self._session.get_credentials()
            if found is not None:
                self.credentials = found.get_frozen_credentials()
            self._change.now(None if found else "none found")
        except BotoCoreError as error:
            self._change.now(type(error).__name__)

    def endpoint(self, service: str) -> str:
        if self._endpoint:
            return self._endpoint
        resolver = self._session.get_component("endpoint_resolver")
        return "https://" + resolver.construct_endpoint(service, self.region)["hostname"]


class JsonClient:
    """Calls one service. Each client has its own connections, so one never waits for another's."""

    def __init__(self, access: Access, service: str, target: str, version: str) -> None:
        """`target` is the prefix of X-Amz-Target, `version` that of the JSON protocol."""
        self._access = access
        self._service = service
        self._target = target
        self._content_type = f"application/x-amz-json-{version}"
        self._pool: urllib3.HTTPConnectionPool | None = None
        self._url = ""

    def call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The service's reply. Raises AwsError within about CONNECT_SECONDS + READ_SECONDS."""
        if self._access.credentials is None:
            raise NotReady("NoCredentials")
        if self._access.region == UNKNOWN:
            raise NotReady("NoRegion")
        if self._pool is None:
            self._url = self._access.endpoint(self._service) + "/"
            self._pool = urllib3.connection_from_url(
                self._url,
                maxsize=64,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                retries=False,
            )
        request = AWSRequest(
            "POST",
            self._url,
            data=json.dumps(parameters).encode(),
            headers={
                "Content-Type": self._content_type,
                "X-Amz-Target": f"{self._target}.{operation}",
            },
        )
        SigV4Auth(self._access.credentials, self._service, self._access.region).add_auth(request)
        try:
            status, body = _send(self._pool, request)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(type(error).__name__) from error
        return _reply(status, body)


def _send(pool: urllib3.HTTPConnectionPool, request: AWSRequest) -> tuple[int, bytes]:
    deadline = time.monotonic() + CONNECT_SECONDS + READ_SECONDS
    response = pool.urlopen(
        "POST", "/", body=request.data, headers=dict(request.headers), preload_content=False
    )
    body = b""
    while chunk := response.read1(65536):
        body += chunk
        # The read timeout bounds each chunk, not their number.
        if time.monotonic() > deadline or len(body) > _LARGEST_REPLY_BYTES:
            response.close()
            raise Unavailable("EndlessReply")
    response.release_conn()
    return response.status, body


def _reply(status: int, body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    readable = isinstance(content, dict)
    if status == 200 and readable:
        return content
    # JSON services name an error "namespace#Code".
    name = content.get("__type") if readable else None
    code = name.rpartition("#")[2] if isinstance(name, str) else f"Http{status}"
    if 400 <= status < 500:
        raise Refused(code)
    raise Unavailable(code if status != 200 else "UnreadableReply")
