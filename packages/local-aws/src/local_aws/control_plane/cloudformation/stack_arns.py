"""The ARN of the stack that a request names, for the caller's policies.

AWS: "Actions, resources, and condition keys for AWS CloudFormation" in the Service Authorization
Reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.cloudformation.stack import STACKS


def arns_of(request: ApiRequest, account_id: str) -> Iterator[str]:
    """Yield the stack's ARN; nothing for a request that names none."""
    name = request.parameters.get("StackName")
    if not name:
        return
    stack = STACKS.find_or_none(account_id, request.region, name)
    if stack:
        yield stack.stack_id
    elif name.startswith("arn:"):
        yield name
    else:
        yield f"arn:aws:cloudformation:{request.region}:{account_id}:stack/{name}/none"
