"""Where a new bucket is: the location constraint of a request, and the Region it was sent to.

In us-east-1 a constraint names one of the other Regions, never its own. The schema has the list of
them, but AWS refuses another word by an error of its own. EU is an old name of eu-west-1.

Source: API_CreateBucket and API_CreateBucketConfiguration; "Error responses" in the S3 API
Reference; refusals of the real S3 as users reported them:
https://github.com/minio/minio-py/issues/166, https://github.com/velero-io/velero/issues/284.
"""

from __future__ import annotations

from typing import Any

from botocore.model import OperationModel
from moto.s3.responses import S3Response

from local_aws.control_plane import api_operation, moto_seams, xml_documents
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_NAME = "LocationConstraint"
_WITHOUT_CONSTRAINT = "us-east-1"
_BY_OLD_NAME = {"EU": "eu-west-1"}

_moto_constraint = S3Response._get_location_constraint


def install() -> None:
    moto_seams.replace(S3Response, _get_location_constraint=_constraint)


def require_valid(request: ApiRequest) -> None:
    """Raise ApiError for a constraint that the request's Region does not take."""
    operation = api_operation.of(request)
    if operation is None or operation.name != "CreateBucket":
        return
    root = xml_documents.root_of(request.body) if request.body else None
    given = root.findtext(f"{{*}}{_NAME}") if root is not None else None
    if not given:
        return
    if request.region == _WITHOUT_CONSTRAINT:
        if given not in _known(operation):
            raise ApiError(
                "400 Bad Request",
                "InvalidLocationConstraint",
                "The specified location-constraint is not valid",
                {_NAME: given},
            )
    elif _BY_OLD_NAME.get(given, given) != request.region:
        raise ApiError(
            "400 Bad Request",
            "IllegalLocationConstraintException",
            f"The {given} location constraint is incompatible for the region specific endpoint "
            "this request was sent to.",
        )


def _known(operation: OperationModel) -> list[str]:
    configuration: Any = xml_documents.document_of(operation)
    names: list[str] = configuration.members[_NAME].enum
    return names


def _constraint(self: S3Response) -> str | None:
    given: str | None = _moto_constraint(self)
    return _BY_OLD_NAME.get(given, given) if given else given
