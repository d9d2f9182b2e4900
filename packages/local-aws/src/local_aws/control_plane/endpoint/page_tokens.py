"""Tokens that name no page, where moto fails to look one up or to count from it.

Source: the errors of the operations in botocore's models (InvalidNextToken,
InvalidNextTokenException ...); "Error codes" of EC2's API reference: InvalidNextToken.
"""

from __future__ import annotations

from botocore.model import OperationModel

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_MEMBERS = ("NextToken", "nextToken", "Marker", "PageToken")
_ERRORS = (
    "InvalidNextToken",
    "InvalidNextTokenException",
    "InvalidPaginationTokenException",
    "InvalidMarkerException",
)
_OTHER_ERRORS = ("InvalidParameterException", "InvalidParameterValueException")
"""Of operations that have no error for tokens alone."""


def refusal(request: ApiRequest, error: ValueError) -> ApiError | None:
    """Return the error to answer when moto could not make anything of the request's token.

    None when the failure says nothing of the token: that is a failure of ours.
    """
    for member in _MEMBERS:
        token = request.parameters.get(member)
        if isinstance(token, str) and token and repr(token) in str(error):
            return ApiError("400 Bad Request", _code(request), _message(request, member, token))
    return None


def _message(request: ApiRequest, member: str, token: str) -> str:
    if request.protocol == "ec2":
        return f"The token '{token}' is invalid"
    if request.service == "iam":
        return f"Invalid {member}."
    return f"The specified {member} is not valid: {token}"


def _code(request: ApiRequest) -> str:
    if request.protocol == "ec2":
        return "InvalidNextToken"
    operation = api_operation.of(request)
    errors = _errors(operation) if operation else {}
    other = "ValidationException" if request.protocol == "json" else "ValidationError"
    return next((errors[name] for name in (*_ERRORS, *_OTHER_ERRORS) if name in errors), other)


def _errors(operation: OperationModel) -> dict[str, str]:
    """The codes of the operation's errors, by the names of their shapes."""
    return {
        shape.name: shape.metadata.get("error", {}).get("code", shape.name)
        for shape in operation.error_shapes
    }
