"""What PutParameter accepts: names, values, tiers and policies.

Source: API_PutParameter: Name, Value, AllowedPattern, Tier, Policies; "Managing parameter tiers"
in the Systems Manager User Guide.
"""

from __future__ import annotations

import regex
from moto.ssm.exceptions import SSMException, ValidationException
from moto.ssm.models import Parameter

from local_aws.control_plane.ssm import parameter_names

_MOST = {"Standard": 4096, "Advanced": 8192}
_PATTERN_SECONDS = 0.5
_NO_POLICIES = ("", "[]", "{}", "[{}]")
_OF_TIERS = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "parameter-store-advanced-parameters.html"
)


def require(name: str, value: str, allowed_pattern: str | None, policies: str | None) -> None:
    """Raise for what AWS refuses of a new version, and for policies, which nothing carries out."""
    parameter_names.require_form(name)
    parameter_names.require_depth(name)
    if "}}" in value.partition("{{")[2]:  # a reference to another parameter, or like one
        raise ValidationException(
            'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.'
        )
    if (policies or "").strip() not in _NO_POLICIES:
        raise ValidationException(
            "Policies of parameters are not emulated by the local AWS; leave out Policies."
        )
    if allowed_pattern and not _fits(allowed_pattern, value):
        raise SSMException(
            "ParameterPatternMismatchException",
            f"Parameter value, cannot be validated against allowedPattern: {allowed_pattern}",
        )


def tier_of(value: str, asked: str | None, default: str, before: Parameter | None) -> str:
    """The tier of a new version: Standard or Advanced. Raises ValidationException.

    An Advanced parameter stays Advanced; a request for Standard is refused.
    """
    is_advanced = before is not None and before.tier == "Advanced"
    if is_advanced and asked == "Standard":
        raise ValidationException(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from "
            "the advanced-parameter tier to the standard-parameter tier. If necessary, you can "
            "delete the advanced parameter and recreate it as a standard parameter."
        )
    tier = "Advanced" if is_advanced else asked or default
    if tier == "Intelligent-Tiering":
        tier = "Advanced" if len(value) > _MOST["Standard"] else "Standard"
    if len(value) > _MOST[tier]:
        more = (
            " To create a larger parameter value, upgrade the parameter to use the "
            f"advanced-parameter tier. For more information, see {_OF_TIERS}"
        )
        raise ValidationException(
            f"{tier} tier parameters support a maximum parameter value of {_MOST[tier]} "
            f"characters.{more if tier == 'Standard' else ''}"
        )
    return tier


def _fits(pattern: str, value: str) -> bool:
    """Raise InvalidAllowedPatternException when it is no regular expression."""
    try:
        return bool(regex.fullmatch(pattern, value, timeout=_PATTERN_SECONDS))
    except (regex.error, TimeoutError):
        raise SSMException(
            "InvalidAllowedPatternException",
            f"The allowedPattern {pattern} is not a valid regular expression.",
        ) from None
