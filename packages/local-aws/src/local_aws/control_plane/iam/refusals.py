"""What AWS answers to requests that are not signed by somebody who may make them.

Source: "Common errors" in each service's API reference, "Error codes" in EC2's, "Error responses"
in S3's. The same refusal has another code, and another status, in each protocol.
"""

from __future__ import annotations

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_BAD = "400 Bad Request"
_UNAUTHORIZED = "401 Unauthorized"
_FORBIDDEN = "403 Forbidden"


def unsigned(request: ApiRequest) -> ApiError:
    """It carries no signature."""
    if request.service == "s3":
        return access_denied("Access Denied")
    message = "Request is missing Authentication Token"
    if _is_json(request):
        return ApiError(_json_status(request), "MissingAuthenticationTokenException", message)
    return ApiError(_FORBIDDEN, "MissingAuthenticationToken", message)


def malformed(request: ApiRequest, why: str) -> ApiError:
    """The signature is not written as Signature Version 4 requires."""
    if request.service == "s3":
        if request.is_presigned:
            return ApiError(_BAD, "AuthorizationQueryParametersError", why)
        return ApiError(_BAD, "AuthorizationHeaderMalformed", why)
    if _is_json(request):
        return ApiError(_json_status(request), "IncompleteSignatureException", why)
    return ApiError(_BAD, "IncompleteSignature", why)


def other_version(request: ApiRequest) -> ApiError:
    """It is signed, but not with Signature Version 4."""
    message = (
        "The authorization mechanism you have provided is not supported. "
        "Please use AWS4-HMAC-SHA256."
    )
    if request.service == "s3":
        return ApiError(_BAD, "InvalidRequest", message)
    return malformed(request, message)


def unknown_key(request: ApiRequest) -> ApiError:
    """Nobody was issued the access key, or it is inactive or deleted."""
    if request.service == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return ApiError(_FORBIDDEN, "InvalidAccessKeyId", message)
    return wrong_token(request)


def wrong_token(request: ApiRequest) -> ApiError:
    """The session token is not the one that came with the access key."""
    if request.service == "s3":
        message = "The provided token is malformed or otherwise invalid."
        return ApiError(_BAD, "InvalidToken", message)
    if request.service == "ec2":
        message = "AWS was not able to validate the provided access credentials"
        return ApiError(_UNAUTHORIZED, "AuthFailure", message)
    message = "The security token included in the request is invalid."
    if _is_json(request):
        return ApiError(_json_status(request), "UnrecognizedClientException", message)
    return ApiError(_FORBIDDEN, "InvalidClientTokenId", message)


def wrong_signature(request: ApiRequest, why: str = "") -> ApiError:
    """It was not made with the key's secret, or for another request."""
    message = why or (
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method."
    )
    if request.service == "ec2":
        message = why or "AWS was not able to validate the provided access credentials"
        return ApiError(_UNAUTHORIZED, "AuthFailure", message)
    if _is_json(request):
        return ApiError(_json_status(request), "InvalidSignatureException", message)
    return ApiError(_FORBIDDEN, "SignatureDoesNotMatch", message)


def wrong_time(request: ApiRequest, why: str, *, is_presigned: bool) -> ApiError:
    """It was signed too long ago, or in the future."""
    if request.service == "s3":
        if is_presigned:
            return access_denied("Request has expired")
        message = "The difference between the request time and the current time is too large."
        return ApiError(_FORBIDDEN, "RequestTimeTooSkewed", message)
    if request.service == "ec2":
        return ApiError(_BAD, "RequestExpired", "Request has expired.")
    return wrong_signature(request, why)


def expired_key(request: ApiRequest) -> ApiError:
    """The temporary key's time is over."""
    message = "The security token included in the request is expired"
    if request.service == "ec2":
        return ApiError(_BAD, "RequestExpired", "Request has expired.")
    if request.service == "s3":
        return ApiError(_BAD, "ExpiredToken", "The provided token has expired.")
    if _is_json(request):
        return ApiError(_json_status(request), "ExpiredTokenException", message)
    return ApiError(_FORBIDDEN, "ExpiredToken", message)


def wrong_payload() -> ApiError:
    message = "The provided 'x-amz-content-sha256' header does not match what was computed."
    return ApiError(_BAD, "XAmzContentSHA256Mismatch", message)


def no_payload_hash() -> ApiError:
    message = "Missing required header for this request: x-amz-content-sha256"
    return ApiError(_BAD, "InvalidRequest", message)


def unauthorized(request: ApiRequest, message: str, encoded: str) -> ApiError:
    """It is signed well, and policies do not allow it; EC2 adds why, `encoded`."""
    if request.is_json:
        return ApiError(_BAD, "AccessDeniedException", message)
    if request.service == "ec2":
        message = (
            f"You are not authorized to perform this operation. {message}. "
            f"Encoded authorization failure message: {encoded}"
        )
        return ApiError(_FORBIDDEN, "UnauthorizedOperation", message)
    return access_denied(message)


def may_not_assume(principal_arn: str, action: str, role_arn: str) -> ApiError:
    """The role's trust policy does not allow it."""
    return access_denied(
        f"User: {principal_arn} is not authorized to perform: {action} on resource: {role_arn}"
    )


def access_denied(message: str) -> ApiError:
    return ApiError(_FORBIDDEN, "AccessDenied", message)


def _is_json(request: ApiRequest) -> bool:
    return request.protocol in ("json", "rest-json")


def _json_status(request: ApiRequest) -> str:
    return _BAD if request.protocol == "json" else _FORBIDDEN
