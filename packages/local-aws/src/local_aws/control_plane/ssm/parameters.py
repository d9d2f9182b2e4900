"""Systems Manager's Parameter Store."""

from __future__ import annotations

from typing import Any

from moto.ssm.exceptions import ParameterNotFound, SSMException
from moto.ssm.models import Parameter, SimpleSystemManagerBackend

from local_aws.control_plane import moto_seams

_moto_describe_parameters = SimpleSystemManagerBackend.describe_parameters
_moto_parameter = SimpleSystemManagerBackend.get_parameter
_moto_by_path = SimpleSystemManagerBackend.get_parameters_by_path
_moto_described = Parameter.describe_response_object
_moto_response_object = Parameter.response_object
_moto_strip = SimpleSystemManagerBackend._strip_parameter_arn
_moto_match = SimpleSystemManagerBackend._match_filters


def install() -> None:
    moto_seams.replace(
        SimpleSystemManagerBackend,
        describe_parameters=_describe_parameters,
        get_parameter=_parameter,
        get_parameters_by_path=_by_path,
        _match_filters=_match_filters,
        _strip_parameter_arn=_name_of,
    )
    moto_seams.replace(
        Parameter, describe_response_object=_described, response_object=_response_object
    )
    moto_seams.replace(ParameterNotFound, __init__=_not_found)


def _not_found(self: ParameterNotFound, message: str) -> None:  # noqa: ARG001
    """AWS says no more than the code: answers of the real Systems Manager as recorded."""
    SSMException.__init__(self, "ParameterNotFound", "")


def _described(self: Parameter, *arguments: Any, **options: Any) -> dict[str, Any]:
    """AWS lists the policies of a parameter also when it has none; moto knows none."""
    return {"Policies": [], **_moto_described(self, *arguments, **options)}


def _response_object(self: Parameter, *arguments: Any, **options: Any) -> dict[str, Any]:
    """AWS: "Discovering public parameters": the ARN of AWS's own has no account."""
    shown: dict[str, Any] = _moto_response_object(self, *arguments, **options)
    if self.name.startswith("/aws/service/") and "ARN" in shown:
        shown["ARN"] = shown["ARN"].replace(f":{self.account_id}:", "::")
    return shown


def _describe_parameters(self: SimpleSystemManagerBackend, *arguments: Any) -> list[Parameter]:
    """DescribeParameters lists an account's own parameters.

    AWS: "Calling AWS service public parameters" in the Systems Manager User Guide: those are found
    by path. moto lists them too, once one of them was read.
    """
    _forget_what_never_was(self)
    found = _moto_describe_parameters(self, *arguments)
    return [parameter for parameter in found if not parameter.name.startswith("/aws/")]


def _parameter(self: SimpleSystemManagerBackend, name: str) -> Parameter | None:
    _forget_what_never_was(self)
    found: Parameter | None = _moto_parameter(self, name)
    return found


def _by_path(self: SimpleSystemManagerBackend, *arguments: Any, **options: Any) -> Any:
    _forget_what_never_was(self)
    return _moto_by_path(self, *arguments, **options)


def _forget_what_never_was(backend: SimpleSystemManagerBackend) -> None:
    """A question about a missing parameter leaves its name in moto's list, without a version."""
    parameters = backend._parameters
    for name in [name for name, versions in parameters.items() if not versions]:
        del parameters[name]


def _name_of(self: SimpleSystemManagerBackend, name: str) -> str:
    """The name that a name or an ARN stands for: the ARN of "x" is as that of "/x" would be.

    Source: answers of the real Systems Manager as they have been recorded.
    """
    bare: str = _moto_strip(self, name)
    known, own = self._parameters, bare.partition(":")[0]
    if bare != name and not known.get(own) and known.get(own.removeprefix("/")):
        return bare.removeprefix("/")
    return bare


def _match_filters(
    self: SimpleSystemManagerBackend,
    parameter: Parameter,
    filters: list[dict[str, Any]] | None = None,
) -> bool:
    """AWS: "ParameterStringFilter" in the API Reference: Tier, which moto does not know."""
    others = []
    for each in filters or []:
        if each["Key"] != "Tier":
            others.append(each)
        elif (parameter.tier or "Standard") not in each.get("Values", []):
            return False
    matches: bool = _moto_match(self, parameter, others)
    return matches
