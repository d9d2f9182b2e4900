"""AWS's quotas on templates and on the requests that bring them, with the words it refuses in.

AWS: "CloudFormation quotas" in the CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.cloudformation.exceptions import ValidationError

from local_aws.control_plane.cloudformation.template_reader import format_error

_INLINE_BYTES = 51_200
_STORED_BYTES = 1_000_000  # the guide says 1 MB; this is what the error says
_PARAMETER_BYTES = 4_096
_DESCRIPTION_BYTES = 1_024
_MEMBERS = {"Mappings": 200, "Outputs": 200, "Parameters": 200, "Resources": 500}
_ATTRIBUTES_OF_A_MAPPING = 200


def check_inline(text: str) -> None:
    """TemplateBody. Raises ValidationError, as all here."""
    if _bytes(text) > _INLINE_BYTES:
        raise _too_long("templateBody", _INLINE_BYTES)


def check_stored(size: int) -> None:
    """What TemplateURL names; `size` is in bytes."""
    if size > _STORED_BYTES:
        raise ValidationError(message=f"Template may not exceed {_STORED_BYTES} bytes in size.")


def check_given_parameters(parameters: Sequence[Mapping[str, Any]]) -> None:
    """The parameters of a request, in the API's shape."""
    for number, parameter in enumerate(parameters, start=1):
        if _bytes(str(parameter.get("ParameterValue", ""))) > _PARAMETER_BYTES:
            raise _too_long(f"parameters.{number}.member.parameterValue", _PARAMETER_BYTES)


def check_template(body: Mapping[str, Any]) -> None:
    """How much a template holds; its sections are mappings by now."""
    for section, most in _MEMBERS.items():
        number = len(body.get(section, {}))
        if number > most:
            raise format_error(
                f"Number of {section.lower()}, {number}, is greater than maximum allowed, {most}"
            )
    for name, mapping in body.get("Mappings", {}).items():
        number = len(mapping) if isinstance(mapping, dict) else 0
        if number > _ATTRIBUTES_OF_A_MAPPING:
            raise format_error(
                f"Number of attributes in mapping {name}, {number}, is greater than maximum "
                f"allowed, {_ATTRIBUTES_OF_A_MAPPING}"
            )
    if _bytes(str(body.get("Description", ""))) > _DESCRIPTION_BYTES:
        raise format_error(f"'Description' length is greater than {_DESCRIPTION_BYTES}.")


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def _too_long(member: str, most: int) -> ValidationError:
    return ValidationError(
        message=f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
        f"Member must have length less than or equal to {most}"
    )
