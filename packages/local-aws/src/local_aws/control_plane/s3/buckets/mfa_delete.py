"""MFA delete, which only the account's root user can enable: there is none here.

Source: API_PutBucketVersioning, x-amz-mfa; "Configuring MFA delete" in the S3 User Guide; refusals
of the real S3 as users reported them, of a request without a code and of an IAM user's with one.
"""

from __future__ import annotations

from local_aws.control_plane import api_operation, xml_documents
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest


def require_off(request: ApiRequest) -> None:
    """Raise ApiError for a request that would enable it."""
    operation = api_operation.of(request)
    if operation is None or operation.name != "PutBucketVersioning":
        return
    root = xml_documents.root_of(request.body) if request.body else None
    if root is None or root.findtext("{*}MfaDelete") != "Enabled":
        return
    words = "Mfa Authentication must be used for this request"
    if request.headers.get("x-amz-mfa"):
        words = "This operation may only be performed by the bucket owner"
    raise ApiError("403 Forbidden", "AccessDenied", words)
