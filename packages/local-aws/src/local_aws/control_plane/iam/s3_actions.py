"""The IAM actions of S3's most used requests, which have no action name of their own.

AWS: "Actions, resources, and condition keys for Amazon S3" in the Service Authorization Reference.
"""

from __future__ import annotations

from urllib.parse import unquote

from local_aws.control_plane.api_request import ApiRequest

_BUCKET_ACTIONS = {
    "GET": "ListBucket",
    "HEAD": "ListBucket",
    "PUT": "CreateBucket",
    "DELETE": "DeleteBucket",
}
_OBJECT_ACTIONS = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "POST": "PutObject",
    "DELETE": "DeleteObject",
}


def action_of(request: ApiRequest) -> str:
    """The action's name without "s3:"; empty for the many requests that are not distinguished."""
    bucket, key = target_of(request)
    if not bucket:
        return "ListAllMyBuckets"
    actions = _OBJECT_ACTIONS if key else _BUCKET_ACTIONS
    # A sub-resource such as ?acl or ?policy is another action.
    listing = {"", "list-type=2"}
    is_plain = request.query.split("&")[0] in listing or "=" in request.query.split("&")[0]
    return actions.get(request.method, "") if is_plain else ""


def target_of(request: ApiRequest) -> tuple[str, str]:
    """Bucket and key, empty where the request has none; the bucket may be in the host's name."""
    path = unquote(request.path)[1:]
    host = request.headers.get("host", "").partition(":")[0]
    if host.endswith(".localhost"):
        return host.partition(".")[0], path
    bucket, _, key = path.partition("/")
    return bucket, key
