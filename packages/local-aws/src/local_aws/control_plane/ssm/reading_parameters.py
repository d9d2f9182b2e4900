"""GetParameter, GetParameters and GetParametersByPath: what is found, and under which name.

Source: API_GetParameter, API_GetParameters, API_GetParametersByPath in the Systems Manager API
Reference; answers of the real Systems Manager as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ssm.exceptions import (
    ParameterNotFound,
    ParameterVersionNotFound,
    ValidationException,
)
from moto.ssm.models import Parameter, SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from local_aws.control_plane import key_token, moto_seams
from local_aws.control_plane.ssm import parameter_names
from local_aws.control_plane.ssm.parameter_names import REFERENCES
from local_aws.control_plane.ssm.parameters import forget_what_never_was

_moto_get = SimpleSystemManagerResponse.get_parameter


def install() -> None:
    moto_seams.replace(SimpleSystemManagerBackend, get_parameters_by_path=_by_path)
    moto_seams.replace(
        SimpleSystemManagerResponse, get_parameter=_answer_get, get_parameters=_answer_several
    )


def _answer_get(self: SimpleSystemManagerResponse) -> ActionResult:
    asked = self._get_param("Name").strip()
    if asked.startswith(REFERENCES) and not self._get_param("WithDecryption"):
        return _moto_get(self)  # refuses it
    if not asked.startswith(("arn:", REFERENCES)):
        parameter_names.require_form(parameter_names.split(asked)[0])
    return ActionResult({"Parameter": _shown(self, asked)})


def _answer_several(self: SimpleSystemManagerResponse) -> ActionResult:
    """In the order of their names."""
    found, invalid = [], []
    for asked in self._get_param("Names"):
        try:
            found.append(_shown(self, asked.strip()))
        except (ParameterNotFound, ParameterVersionNotFound):
            invalid.append(asked)
    found.sort(key=lambda each: str(each["Name"]))
    return ActionResult({"Parameters": found, "InvalidParameters": invalid})


def _shown(response: SimpleSystemManagerResponse, asked: str) -> dict[str, Any]:
    """An answer's Parameter. Raises ParameterNotFound and ParameterVersionNotFound."""
    backend = response.ssm_backend
    found = backend.get_parameter(asked)
    if found is None:
        name, selector = parameter_names.split(asked)
        if selector and backend.get_parameter(name):
            raise ParameterVersionNotFound(
                f"Systems Manager could not find version {selector[1:]} of {name}. Verify the "
                "version and try again."
            )
        raise ParameterNotFound(asked)
    shown = found.response_object(response._get_param("WithDecryption"), response.region)
    return {**shown, **parameter_names.as_asked(asked)}


def _by_path(
    self: SimpleSystemManagerBackend,
    path: str,
    recursive: bool,
    filters: list[dict[str, Any]] | None = None,
    next_token: str | None = None,
    max_results: int = 10,
) -> tuple[list[Parameter], str | None]:
    """A filter by label finds the version that has it, which need not be the newest."""
    if not path.startswith("/"):
        raise ValidationException(
            "The parameter doesn't meet the parameter name requirements. The parameter name must "
            'begin with a forward slash "/".'
        )
    forget_what_never_was(self)
    self._validate_parameter_filters(filters, by_path=True)
    is_labelled = any(each["Key"] == "Label" for each in filters or [])
    found = [
        version
        for name in self._parameters.get_keys_beginning_with(f"{path.rstrip('/')}/", recursive)
        for version in _versions(self, name, every=is_labelled)
        if self._match_filters(version, filters)
    ]
    return key_token.page(
        "GetParametersByPath",
        found,
        lambda version: (version.name, version.version),
        next_token,
        max_results,
    )


def _versions(
    backend: SimpleSystemManagerBackend, name: str, *, every: bool
) -> Iterator[Parameter]:
    versions = backend._parameters[name]
    yield from versions if every else versions[-1:]
