"""Signed calls to AWS services that speak JSON: fast, and each over within one deadline.

botocore finds, refreshes and signs with the credentials. Its clients are not used here, because
they spend several times as long on building and parsing a call.
"""

import json
import re
from http.client import HTTPException
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from . import config
from .exchange import Exchanges, Request
from .identity import UNKNOWN
from .log import Condition

CONNECT_SECONDS = 0.1
READ_SECONDS = 0.25
_PROTOCOLS = {"dynamodb": ("1.0", "DynamoDB_20120810."), "ssm": ("1.1", "AmazonSSM.")}


class AwsError(Exception):
    """The service said no (denied, missing table, throttled), or there was nothing to sign with.

    `code` is AWS's error code, or one of ours in the same style; never a message or a body.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OutageError(AwsError):
    """The service gave no usable answer in time: the one failure that opens the breaker."""


class Access:
    """What to sign calls with. Only the background thread refreshes it, so no request ever waits
    for the metadata service.

    Credentials that cannot be refreshed stay in use until AWS refuses them, as in any AWS SDK.
    """

    region = UNKNOWN
    credentials: ReadOnlyCredentials | None = None
    expired = False  # set when AWS says so, which botocore does not learn here

    def __init__(self) -> None:
        self._source: Credentials | None = None
        self._condition = Condition("credentials")

    def refresh(self, region: str) -> None:
        self.region = region
        try:
            if self._source is None or self.expired:
                self._source = Session().get_credentials()
                self.expired = False
            if self._source:
                self.credentials = self._source.get_frozen_credentials()
            self._condition.is_now(None if self._source else "NoCredentials")
        except BotoCoreError as error:
            self._condition.is_now(type(error).__name__)


def public_endpoint(service: str, region: str) -> str:
    suffix = ".cn" if region.startswith("cn-") else ""
    return f"https://{service}.{region}.amazonaws.com{suffix}"


def signed(access: Access, service: str, headers: dict[str, str], body: str) -> Request:
    """The request that POSTs `body` to the service. Raises AwsError without credentials."""
    if not access.credentials or access.region == UNKNOWN:
        raise AwsError("NoCredentials")
    url = config.AWS_ENDPOINT or public_endpoint(service, access.region)
    request = AWSRequest("POST", url, headers, body)
    SigV4Auth(access.credentials, service, access.region).add_auth(request)
    return Request("POST", url, dict(request.headers), body.encode())


class Client:
    """Calls one service. Each client has its own connections, so none waits for another's."""

    def __init__(self, access: Access, service: str) -> None:
        self._access = access
        self._service = service
        self._exchanges = Exchanges(CONNECT_SECONDS, READ_SECONDS)

    def call(self, operation: str, **parameters: object) -> dict[str, Any]:
        """The service's reply. Raises AwsError, within CONNECT_SECONDS + READ_SECONDS."""
        version, target = _PROTOCOLS[self._service]
        headers = {
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": target + operation,
        }
        request = signed(self._access, self._service, headers, json.dumps(parameters))
        try:
            return _reply(*self._exchanges.exchange(request))
        except (OSError, HTTPException) as error:
            raise OutageError(type(error).__name__) from error
        except AwsError as error:
            self._access.expired |= error.code == "ExpiredTokenException"
            raise


def _reply(status: int, body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        content = {}
        if status == 200:
            raise OutageError("UnreadableReply")
    if status == 200:
        return content
    # JSON services name an error "namespace#Code".
    code = re.fullmatch(r"(?:.*#)?(\w{1,64})", str(content.get("__type", "")))
    error = AwsError if 400 <= status < 500 else OutageError
    raise error(code[1] if code else f"Http{status}")
