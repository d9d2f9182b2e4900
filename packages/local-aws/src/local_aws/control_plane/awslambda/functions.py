"""What a function is made of: a runtime that Lambda has, or has had, a handler and code.

Source: API_CreateFunction, API_UpdateFunctionConfiguration and API_DeleteFunction in the Lambda API
Reference, with the runtimes of botocore's model; the words are those that users reported of AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import ImageConfig, LambdaBackend, LambdaFunction
from moto.core.utils import get_service_model

from local_aws.control_plane import moto_seams

_moto_create = LambdaBackend.create_function
_moto_update = LambdaBackend.update_function_configuration
_moto_configure = LambdaFunction.update_configuration
_moto_delete = LambdaBackend.delete_function


def install() -> None:
    moto_seams.replace(
        LambdaBackend,
        create_function=_create,
        delete_function=_delete,
        update_function_configuration=_update,
    )
    moto_seams.replace(LambdaFunction, update_configuration=_configure)


def _create(self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
    """moto keeps a function without code, and fails for each list that it is in."""
    _require_runtime(spec)
    code = spec.get("Code") or {}
    if spec.get("PackageType", "Zip") == "Zip":
        if not spec.get("Runtime") or not spec.get("Handler"):
            raise InvalidParameterValueException(
                "Runtime and Handler are mandatory parameters for functions created with "
                "deployment packages."
            )
        if not code.get("ZipFile") and not (code.get("S3Bucket") and code.get("S3Key")):
            raise InvalidParameterValueException("Please provide a source for function code.")
    made: LambdaFunction = _moto_create(self, spec)
    return made


def _update(
    self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
) -> dict[str, Any] | None:
    _require_runtime(body)
    updated: dict[str, Any] | None = _moto_update(self, function_name, qualifier, body)
    return updated


def _configure(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
    """moto takes these when a function is created, and drops them when it is changed."""
    if tracing := config_updates.get("TracingConfig"):
        self.tracing_config = tracing
    if storage := config_updates.get("EphemeralStorage"):
        self.ephemeral_storage = storage["Size"]
    if (image := config_updates.get("ImageConfig")) is not None:
        self.image_config = ImageConfig(image)
    if (key := config_updates.get("KMSKeyArn")) is not None:
        self.kms_key_arn = key or None
    changed: dict[str, Any] = _moto_configure(self, config_updates)
    return changed


def _delete(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
    if qualifier == "$LATEST":
        raise InvalidParameterValueException(
            "$LATEST version cannot be deleted without deleting the function."
        )
    _moto_delete(self, function_name, qualifier)


def _require_runtime(given: Mapping[str, Any]) -> None:
    known = get_service_model("lambda").shape_for("Runtime").metadata["enum"]
    runtime = given.get("Runtime")
    if runtime is not None and runtime not in known:
        raise InvalidParameterValueException(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum "
            f"value set: [{', '.join(known)}] or be a valid ARN"
        )
