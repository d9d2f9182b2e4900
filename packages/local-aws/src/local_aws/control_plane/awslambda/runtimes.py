"""A function's runtime is one that Lambda has, or has had.

Source: Runtime of API_CreateFunction and API_UpdateFunctionConfiguration, with the values of
botocore's model; the words are those that users reported of AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.utils import get_service_model

from local_aws.control_plane import moto_seams

_moto_create = LambdaBackend.create_function
_moto_update = LambdaBackend.update_function_configuration


def install() -> None:
    moto_seams.replace(
        LambdaBackend, create_function=_create, update_function_configuration=_update
    )


def _create(self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
    _require_runtime(spec)
    made: LambdaFunction = _moto_create(self, spec)
    return made


def _update(
    self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
) -> dict[str, Any] | None:
    _require_runtime(body)
    updated: dict[str, Any] | None = _moto_update(self, function_name, qualifier, body)
    return updated


def _require_runtime(given: Mapping[str, Any]) -> None:
    known = get_service_model("lambda").shape_for("Runtime").metadata["enum"]
    runtime = given.get("Runtime")
    if runtime is not None and runtime not in known:
        raise InvalidParameterValueException(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum "
            f"value set: [{', '.join(known)}] or be a valid ARN"
        )
