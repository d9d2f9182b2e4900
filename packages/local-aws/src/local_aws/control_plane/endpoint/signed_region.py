"""The region that a request is signed for: AWS refuses one that does not exist.

Source: "Troubleshoot Signature Version 4 signing for AWS API requests" in the IAM User Guide
(credential scope) and "Common error types" of the services.
"""

from __future__ import annotations

from local_aws import regions
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_OF_S3 = "us-east-1"
"""S3's own region, where its endpoint without a region is."""


def require_known(request: ApiRequest) -> None:
    """Raise what the service answers to a signature for a region that does not exist."""
    region = request.region
    if not region or region in regions.known():
        return
    message = f"Credential should be scoped to a valid region, not '{region}'."
    if request.service == "s3":
        message = (
            f"The authorization header is malformed; the region '{region}' is wrong; expecting "
            f"'{_OF_S3}'"
        )
        details = {"Region": _OF_S3}  # with which clients sign again
        raise ApiError("400 Bad Request", "AuthorizationHeaderMalformed", message, details)
    if request.protocol == "ec2":
        raise ApiError("401 Unauthorized", "AuthFailure", message)
    if request.protocol == "json":
        raise ApiError("400 Bad Request", "InvalidSignatureException", message)
    if request.protocol == "rest-json":
        raise ApiError("403 Forbidden", "InvalidSignatureException", message)
    raise ApiError("403 Forbidden", "SignatureDoesNotMatch", message)
