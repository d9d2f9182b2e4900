"""A request with DryRun ends once it is permitted, whatever its action; moto looks at some.

Source: "DryRun" in each action of the EC2 API Reference; DryRunOperation under "Error codes".
"""

from __future__ import annotations

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest


def require(request: ApiRequest) -> None:
    """Raise ApiError for a request that is a dry run. Call it for one that IAM allows."""
    if str(request.parameters.get("DryRun", "")).lower() != "true":
        return
    operation = api_operation.of(request)
    if operation and operation.input_shape and "DryRun" in operation.input_shape.members:
        raise ApiError(
            "412 Precondition Failed",
            "DryRunOperation",
            "Request would have succeeded, but DryRun flag is set.",
        )
