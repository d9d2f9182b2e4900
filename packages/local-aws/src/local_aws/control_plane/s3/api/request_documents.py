"""Documents in S3's requests that its schema does not allow: AWS refuses them before it acts.

Source: "Error responses" in the S3 API Reference (MalformedXML, MalformedACLError,
MissingRequestBodyError).
"""

from __future__ import annotations

from botocore.model import StructureShape

from local_aws.control_plane import api_operation, xml_documents
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_OFTEN_EMPTY = frozenset({"CreateBucket", "PutBucketAcl", "PutObjectAcl"})
"""Operations that need no document."""
_OF_ONE_RULE = frozenset({"OwnershipControls", "ServerSideEncryptionConfiguration"})
"""Documents that AWS takes with one rule only, though the schema has a list of them."""
_NEVER_EMPTY = frozenset(
    {"DefaultRetention", "NoncurrentVersionTransition", "ObjectLockRule", "Transition"}
)
"""Structures that say something, though the schema requires no member of them."""


def require_valid(request: ApiRequest) -> None:
    """Raise ApiError for a document that is missing, cut off, or not as the schema has it."""
    if not request.changes_something:
        return
    operation = api_operation.of(request)
    shape = operation and xml_documents.document_of(operation)
    if operation is None or shape is None or _is_in_chunks(request):
        return
    if not request.body:
        if operation.name not in _OFTEN_EMPTY:
            raise ApiError("400 Bad Request", "MissingRequestBodyError", "Request Body is empty")
    elif not _is_allowed(shape, request.body):
        raise ApiError(
            "400 Bad Request",
            "MalformedACLError" if shape.name == "AccessControlPolicy" else "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema",
        )


def _is_in_chunks(request: ApiRequest) -> bool:
    return "aws-chunked" in request.headers.get("content-encoding", "")


def _is_allowed(shape: StructureShape, body: bytes) -> bool:
    root = xml_documents.root_of(body)
    if root is None or (shape.name in _OF_ONE_RULE and len(root) != 1):
        return False
    return xml_documents.problem(shape, root, _NEVER_EMPTY) is None
