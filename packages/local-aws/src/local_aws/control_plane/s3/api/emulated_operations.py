"""Operations that moto takes for others: it would make, delete or list the bucket instead.

Source: the operations of the S3 API Reference; "Error responses" there: NotImplemented.
"""

from __future__ import annotations

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_NOT_EMULATED = frozenset(
    {
        "CreateBucketMetadataConfiguration",
        "CreateBucketMetadataTableConfiguration",
        "CreateSession",
        "DeleteBucketAnalyticsConfiguration",
        "DeleteBucketIntelligentTieringConfiguration",
        "DeleteBucketInventoryConfiguration",
        "DeleteBucketMetadataConfiguration",
        "DeleteBucketMetadataTableConfiguration",
        "DeleteBucketMetricsConfiguration",
        "DeleteObjectAnnotation",
        "GetBucketAbac",
        "GetBucketMetadataConfiguration",
        "GetBucketMetadataTableConfiguration",
        "GetObjectAnnotation",
        "GetObjectTorrent",
        "ListObjectAnnotations",
        "PutBucketAbac",
        "PutBucketAnalyticsConfiguration",
        "PutBucketIntelligentTieringConfiguration",
        "PutBucketMetricsConfiguration",
        "PutObjectAnnotation",
        "RenameObject",
        "UpdateBucketMetadataAnnotationTableConfiguration",
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
        "UpdateObjectEncryption",
        "WriteGetObjectResponse",
    }
)


def require_emulated(request: ApiRequest) -> None:
    """Raise ApiError for one of these."""
    if not request.query:
        return
    operation = api_operation.of(request)
    if operation and operation.name in _NOT_EMULATED:
        raise ApiError(
            "501 Not Implemented",
            "NotImplemented",
            f"The local AWS does not emulate s3 {operation.name}.",
        )
