"""Signature Version 4 of requests, and whether it is the right one.

botocore computes it again, from what came, with its own implementation; only what it would choose
itself is given: which headers are signed, and what the payload is.
Source: "AWS Signature Version 4 for API requests" in the IAM User Guide, "Authenticating Requests"
in the S3 API Reference.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from botocore.auth import HmacV1Auth, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from local_aws.control_plane.api_request import ApiRequest, authorization_parts
from local_aws.control_plane.iam import refusals

_ALGORITHM = "AWS4-HMAC-SHA256"
_TIMESTAMP = "%Y%m%dT%H%M%SZ"
_TOLERANCE = timedelta(minutes=15)
_LONGEST_PRESIGNED_SECONDS = 7 * 24 * 3600
_S3 = frozenset({"s3", "s3express", "s3-outposts", "s3-object-lambda"})
"""They sign the path as it is; every other service encodes it once more."""
_UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
_SIGNED_CHUNKS = (
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
)
_CHUNK = re.compile(rb"(?P<size>[0-9a-fA-F]{1,16});chunk-signature=(?P<signature>[0-9a-f]{64})\r\n")


@dataclass(frozen=True)
class Signature:
    """What a request says about how it is signed.

    `valid_for` is None unless it is presigned. `version` is 4, or 2 for presigned URLs of S3.
    """

    version: int
    access_key_id: str
    region: str
    service: str
    signed_at: datetime
    signed_headers: tuple[str, ...]
    value: str
    valid_for: timedelta | None

    def require_same_scope(self, request: ApiRequest) -> None:
        """Raise unless key, region and service are those that the request is answered for."""
        signed = (self.access_key_id, self.region, self.service.lower())
        if signed != (request.access_key_id, request.region, request.service):
            why = "Credential is not the one that the request was read with."
            raise refusals.malformed(request, why)

    def require_its_time(self, request: ApiRequest, now: datetime) -> None:
        """Raise what AWS answers before and after the signature's time."""
        valid_for = _TOLERANCE if self.valid_for is None else self.valid_for
        signed, current = (f"{moment:{_TIMESTAMP}}" for moment in (self.signed_at, now))
        if now > self.signed_at + valid_for:
            why = f"Signature expired: {signed} is now earlier than {current} - {valid_for}"
            raise refusals.wrong_time(request, why, is_presigned=self.valid_for is not None)
        if now < self.signed_at - _TOLERANCE:
            why = f"Signature not yet current: {signed} is still later than {current}"
            raise refusals.wrong_time(request, why, is_presigned=self.valid_for is not None)

    def require_secret(self, request: ApiRequest, secret_access_key: str) -> None:
        """Raise unless the signature was made with this secret for this request and its body."""
        credentials = Credentials(self.access_key_id, secret_access_key)
        if self.version == 2:
            right = _version_2(request, credentials)
            if not hmac.compare_digest(right, self.value):
                raise refusals.wrong_signature(request)
            return
        signer = (_S3Signer if self.service in _S3 else _Signer)(
            credentials, self.service, self.region
        )
        signer.payload_hash = _payload(request, self)
        signed = AWSRequest(request.method, _canonical_url(request, self.service))
        for name, value in request.fields:
            if name in self.signed_headers:
                signed.headers.add_header(name, value)
        signed.context["timestamp"] = self.signed_at.strftime(_TIMESTAMP)
        to_sign = signer.string_to_sign(signed, signer.canonical_request(signed))
        if not hmac.compare_digest(signer.signature(to_sign, signed), self.value):
            raise refusals.wrong_signature(request)
        if signer.payload_hash in _SIGNED_CHUNKS:
            _require_signed_chunks(request, signer, signed, self.value)


def read(request: ApiRequest) -> Signature | None:
    """The request's signature; None when it has none. Raises ApiError when it is malformed."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        if request.is_presigned or "Signature" in request.url_parameters:
            why = "Only one auth mechanism allowed"
            raise refusals.malformed(request, why)
        return _from_header(request, authorization)
    if request.is_presigned:
        return _from_url(request)
    if request.service == "s3" and "AWSAccessKeyId" in request.url_parameters:
        return _from_old_url(request)
    if "Signature" in request.parameters:
        raise refusals.other_version(request)
    return None


def _from_header(request: ApiRequest, authorization: str) -> Signature:
    if authorization.partition(" ")[0] != _ALGORITHM:
        raise refusals.other_version(request)
    pairs = authorization_parts(authorization)
    parts = dict(pairs)
    if len(parts) < len(pairs):
        raise refusals.malformed(request, "Authorization header has a parameter more than once.")
    missing = [name for name in ("Credential", "SignedHeaders", "Signature") if name not in parts]
    if missing:
        why = f"Authorization header requires '{missing[0]}' parameter."
        raise refusals.malformed(request, why)
    signed_at = _header_time(request)
    return _signature(request, parts, signed_at, None)


def _header_time(request: ApiRequest) -> datetime:
    text = request.headers.get("x-amz-date")
    if text is not None:
        return _moment(request, text)
    try:
        return parsedate_to_datetime(request.headers["date"]).astimezone(UTC)
    except KeyError:
        why = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        raise refusals.malformed(request, why) from None
    except ValueError:
        return _moment(request, request.headers["date"])


def _from_url(request: ApiRequest) -> Signature:
    given = request.url_parameters
    if given.get("X-Amz-Algorithm") != _ALGORITHM:
        raise refusals.malformed(request, f"X-Amz-Algorithm only supports {_ALGORITHM}")
    missing = [
        name
        for name in ("X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders")
        if name not in given
    ]
    expires = given.get("X-Amz-Expires", "" if request.service == "s3" else "900")
    if missing or not expires:
        why = f"The query string requires {(missing or ['X-Amz-Expires'])[0]}"
        raise refusals.malformed(request, why)
    if not re.fullmatch(r"[0-9]{1,6}", expires) or int(expires) > _LONGEST_PRESIGNED_SECONDS:
        why = (
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
            f"must be less than {_LONGEST_PRESIGNED_SECONDS} seconds"
        )
        raise refusals.malformed(request, why)
    parts = {
        "Credential": given["X-Amz-Credential"],
        "SignedHeaders": given["X-Amz-SignedHeaders"],
        "Signature": given["X-Amz-Signature"],
    }
    signed_at = _moment(request, given["X-Amz-Date"])
    return _signature(request, parts, signed_at, timedelta(seconds=int(expires)))


def _from_old_url(request: ApiRequest) -> Signature:
    """boto3 and the AWS CLI presign S3's URLs for us-east-1 with version 2 by default."""
    given = request.url_parameters
    try:
        expires_at = datetime.fromtimestamp(int(given["Expires"]), UTC)
        value = given["Signature"]
    except (KeyError, ValueError, OverflowError, OSError):
        why = "Query-string authentication requires Signature, Expires and AWSAccessKeyId"
        raise refusals.access_denied(why) from None
    now = datetime.now(UTC)
    valid_for = max(expires_at - now, timedelta(seconds=-1))
    return Signature(2, given["AWSAccessKeyId"], request.region, "s3", now, (), value, valid_for)


def _signature(
    request: ApiRequest, parts: dict[str, str], signed_at: datetime, valid_for: timedelta | None
) -> Signature:
    scope = parts["Credential"].split("/")
    if len(scope) != 5 or scope[4] != "aws4_request":
        why = (
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            "keyid/date/region/service/term"
        )
        raise refusals.malformed(request, why)
    key, date, region, service, _ = scope
    if date != signed_at.strftime("%Y%m%d"):
        why = f"Date in Credential scope does not match YYYYMMDD of {signed_at:{_TIMESTAMP}}"
        raise refusals.wrong_signature(request, why)
    signed_headers = tuple(name.lower() for name in parts["SignedHeaders"].split(";"))
    if "host" not in signed_headers:
        why = "'Host' must be a 'SignedHeader' in the AWS Authorization."
        raise refusals.malformed(request, why)
    unsigned = [name for name, _ in request.fields if _must_be_signed(name, request.service)]
    if set(unsigned) - set(signed_headers):
        why = "There were headers present in the request which were not signed"
        raise refusals.access_denied(why)
    return Signature(
        4, key, region, service, signed_at, signed_headers, parts["Signature"], valid_for
    )


def _must_be_signed(name: str, service: str) -> bool:
    return service == "s3" and name.startswith("x-amz-") and name != "x-amz-content-sha256"


def _moment(request: ApiRequest, text: str) -> datetime:
    try:
        return datetime.strptime(text, _TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        why = f"Date must be in ISO-8601 'basic format'. Got '{text}'."
        raise refusals.malformed(request, why) from None


def _payload(request: ApiRequest, signature: Signature) -> str:
    """What stands for the body in what is signed. Raises ApiError when the body is another one."""
    declared = request.headers.get("x-amz-content-sha256")
    if signature.service not in _S3:
        actual = sha256(request.body).hexdigest()
        if declared not in (None, actual):
            raise refusals.wrong_signature(request)
        return actual
    if declared is None:
        declared = request.url_parameters.get("X-Amz-Content-Sha256")
    if declared is None:
        if signature.valid_for is not None:
            return _UNSIGNED_PAYLOAD
        raise refusals.no_payload_hash()
    if declared in (_UNSIGNED_PAYLOAD, _UNSIGNED_TRAILER, *_SIGNED_CHUNKS):
        return declared
    if declared != sha256(request.body).hexdigest():
        raise refusals.wrong_payload()
    return declared


def _canonical_url(request: ApiRequest, service: str) -> str:
    """The URL with its path and query encoded as signers encode them, whatever the client chose."""
    path = request.path
    if service in _S3:
        path = _encoded(path, safe="/-_.~")
    pairs = [pair.partition("=") for pair in request.query.split("&") if pair]
    query = "&".join(
        f"{_encoded(name)}={_encoded(value)}"
        for name, _, value in pairs
        if name != "X-Amz-Signature"
    )
    return f"http://localhost{path}?{query}"


def _encoded(text: str, safe: str = "-_.~") -> str:
    return quote(unquote_to_bytes(text), safe=safe)


class _AsSent:
    """Signs the headers that the request names, and a payload that was looked at already."""

    payload_hash = ""

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        return request.headers

    def payload(self, request: AWSRequest) -> str:  # noqa: ARG002 - botocore's own
        return self.payload_hash


class _Signer(_AsSent, SigV4Auth):  # type: ignore[misc] # botocore has no types
    pass


class _S3Signer(_AsSent, S3SigV4Auth):  # type: ignore[misc] # botocore has no types
    pass


def _require_signed_chunks(
    request: ApiRequest, signer: Any, signed: AWSRequest, previous: str
) -> None:
    """Each chunk is signed together with the signature of the one before it.

    S3 API Reference: "Signature calculations for the Authorization header: Transferring payload in
    multiple chunks".
    """
    for chunk, value in _chunks(request):
        to_sign = "\n".join(
            (
                f"{_ALGORITHM}-PAYLOAD",
                signed.context["timestamp"],
                signer.credential_scope(signed),
                previous,
                sha256(b"").hexdigest(),
                sha256(chunk).hexdigest(),
            )
        )
        if not hmac.compare_digest(signer.signature(to_sign, signed), value):
            raise refusals.wrong_signature(request)
        previous = value


def _chunks(request: ApiRequest) -> Iterator[tuple[bytes, str]]:
    """The chunks with their signatures, the last and empty one included."""
    position = 0
    while True:
        head = _CHUNK.match(request.body, position)
        if head is None:
            raise refusals.malformed(request, "A chunk has no size and signature")
        position = head.end() + int(head["size"], 16)
        chunk = request.body[head.end() : position]
        yield chunk, head["signature"].decode()
        if not chunk:
            return
        position += len(b"\r\n")


def _version_2(request: ApiRequest, credentials: Credentials) -> str:
    """S3 API Reference: "Signing and authenticating REST requests", query string."""
    given = request.url_parameters
    headers = HTTPHeaders()
    for name, value in [*given.items(), *request.fields]:
        if name.startswith("x-amz-") or name in ("content-type", "content-md5"):
            headers[name] = value
    signer: Any = HmacV1Auth(credentials)
    signer._get_date = lambda: given["Expires"]
    url = urlsplit(f"http://localhost{request.path}?{request.query}")
    return str(signer.get_signature(request.method, url, headers))
