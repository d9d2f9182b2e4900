"""The role session that signed a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.sts.models import AssumedRole, sts_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_ROLE_KEY_PREFIX = "ASIA"


def is_role_session(request: ApiRequest) -> bool:
    """AWS's temporary access keys begin with ASIA."""
    return request.access_key_id.startswith(_ROLE_KEY_PREFIX)


def session_of(request: ApiRequest) -> AssumedRole:
    """The session, its token, signature and expiry checked. Raises ApiError.

    AWS: "Common errors" in each service's API Reference: the codes differ with the protocol.
    """
    session = _find(request.access_key_id)
    if session is None or session.session_token != request.session_token:
        raise _invalid_token(request)
    if not request.is_presigned and not _is_signed_by(session, request):
        raise _wrong_signature(request)
    expires_at = session.expiration.replace(tzinfo=UTC)
    if expires_at <= datetime.now(UTC):
        raise _expired(request)
    return session


def _find(access_key_id: str) -> AssumedRole | None:
    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            found: AssumedRole | None = backend.get_assumed_role_from_access_key(access_key_id)
            if found:
                return found
    return None


def _is_signed_by(session: AssumedRole, request: ApiRequest) -> bool:
    """Sign the request again with the session's secret, and compare."""
    authorization = request.headers.get("authorization", "")
    signed_names = _between(authorization, "SignedHeaders=").split(";")
    signed = AWSRequest(
        method=request.method,
        url=f"http://{request.headers.get('host', '')}{request.path}"
        + (f"?{request.query}" if request.query else ""),
        data=request.body,
        headers={name: request.headers.get(name, "") for name in signed_names},
    )
    signed.context["timestamp"] = request.headers.get("x-amz-date", "")
    credentials = Credentials(
        session.access_key_id, session.secret_access_key, session.session_token
    )
    kind = S3SigV4Auth if request.service == "s3" else SigV4Auth
    signer: Any = kind(credentials, request.service, request.region)
    to_sign = signer.string_to_sign(signed, signer.canonical_request(signed))
    return bool(_between(authorization, "Signature=") == signer.signature(to_sign, signed))


def _between(text: str, start: str) -> str:
    return text.partition(start)[2].partition(",")[0].strip()


def _invalid_token(request: ApiRequest) -> ApiError:
    message = "The security token included in the request is invalid."
    if request.is_json:
        return ApiError("400 Bad Request", "UnrecognizedClientException", message)
    if request.service == "ec2":
        return ApiError("401 Unauthorized", "AuthFailure", message)
    if request.service == "s3":
        return ApiError("400 Bad Request", "InvalidToken", message)
    return ApiError("403 Forbidden", "InvalidClientTokenId", message)


def _wrong_signature(request: ApiRequest) -> ApiError:
    message = (
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method."
    )
    if request.is_json:
        return ApiError("400 Bad Request", "InvalidSignatureException", message)
    if request.service == "ec2":
        return ApiError("401 Unauthorized", "AuthFailure", message)
    return ApiError("403 Forbidden", "SignatureDoesNotMatch", message)


def _expired(request: ApiRequest) -> ApiError:
    message = "The security token included in the request is expired"
    if request.is_json:
        return ApiError("400 Bad Request", "ExpiredTokenException", message)
    if request.service == "ec2":
        return ApiError("400 Bad Request", "RequestExpired", message)
    return ApiError("403 Forbidden", "ExpiredToken", message)
