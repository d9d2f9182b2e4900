"""Systems Manager's Parameter Store: what is put, labelled and described there.

Source: API_PutParameter, API_LabelParameterVersion, API_DescribeParameters, API_ParameterMetadata;
answers of the real Systems Manager as they have been recorded.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ssm import models
from moto.ssm.exceptions import ParameterNotFound, SSMException
from moto.ssm.models import Parameter, SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.ssm.utils import parameter_arn

from local_aws.control_plane import key_token, moto_seams
from local_aws.control_plane.iam.sessions import callers
from local_aws.control_plane.ssm import data_types, new_versions, parameter_filters, secure_strings
from local_aws.control_plane.ssm.parameter_names import REFERENCES

_PAGE_SIZE = 10
_SECURE = "SecureString"
_NO_LABEL = re.compile(r"\d.*|(aws|ssm).*|.*[^A-Za-z0-9_.\-].*", re.IGNORECASE)

_moto_describe_parameters = SimpleSystemManagerBackend.describe_parameters
_moto_label = SimpleSystemManagerBackend.label_parameter_version
_moto_parameter = SimpleSystemManagerBackend.get_parameter
_moto_put = SimpleSystemManagerBackend.put_parameter
_put_signature = inspect.signature(_moto_put)
_moto_require_filters = SimpleSystemManagerBackend._validate_parameter_filters
_moto_strip = SimpleSystemManagerBackend._strip_parameter_arn
_moto_answer_put = SimpleSystemManagerResponse.put_parameter
_moto_described = Parameter.describe_response_object
_moto_response_object = Parameter.response_object


class _LastChange:
    """Who put a version: the ARN of a user or a role's session."""

    user: str = callers.ADMINISTRATOR.arn


def install() -> None:
    moto_seams.replace(
        SimpleSystemManagerBackend,
        describe_parameters=_describe_parameters,
        get_parameter=_parameter,
        label_parameter_version=_label,
        put_parameter=_put,
        _get_history_nexttoken=_page_of_history,
        _match_filters=_match_filters,
        _strip_parameter_arn=_name_of,
        _validate_parameter_filters=_require_filters,
    )
    moto_seams.replace(
        SimpleSystemManagerResponse,
        describe_parameters=_answer_describe,
        put_parameter=_answer_put,
    )
    moto_seams.replace(
        Parameter, describe_response_object=_described, response_object=_response_object
    )
    moto_seams.replace(ParameterNotFound, __init__=_not_found)
    moto_seams.replace(models, _valid_parameter_data_type=data_types.is_known)


def forget_what_never_was(backend: SimpleSystemManagerBackend) -> None:
    """A question about a missing parameter leaves its name in moto's list, without a version."""
    parameters = backend._parameters
    for name in [name for name, versions in parameters.items() if not versions]:
        del parameters[name]


def _not_found(self: ParameterNotFound, message: str) -> None:
    """AWS says no more than the code, unless it is about a secret."""
    SSMException.__init__(self, "ParameterNotFound", message if REFERENCES in message else "")


def _described(self: Parameter, *arguments: Any, **options: Any) -> dict[str, Any]:
    """AWS lists the policies of a parameter also when it has none; moto knows none."""
    shown = _moto_described(self, *arguments, **options)
    user = moto_seams.notes(self, _LastChange).user
    return {"Policies": [], **shown, "LastModifiedUser": user}


def _response_object(self: Parameter, *arguments: Any, **options: Any) -> dict[str, Any]:
    """AWS: "Discovering public parameters": the ARN of AWS's own has no account."""
    shown: dict[str, Any] = _moto_response_object(self, *arguments, **options)
    if self.parameter_type == _SECURE:
        is_decrypted = bool(arguments[0] if arguments else options.get("decrypt"))
        shown["Value"] = secure_strings.shown(self, shown["Value"], is_decrypted=is_decrypted)
    if self.name.startswith("/aws/service/") and "ARN" in shown:
        shown["ARN"] = shown["ARN"].replace(f":{self.account_id}:", "::")
    return shown


def _describe_parameters(self: SimpleSystemManagerBackend, *arguments: Any) -> list[Parameter]:
    """DescribeParameters lists an account's own parameters.

    AWS: "Calling AWS service public parameters" in the Systems Manager User Guide: those are found
    by path. moto lists them too, once one of them was read.
    """
    forget_what_never_was(self)
    found = _moto_describe_parameters(self, *arguments)
    return [parameter for parameter in found if not parameter.name.startswith("/aws/")]


def _answer_describe(self: SimpleSystemManagerResponse) -> ActionResult:
    """moto has pages of ten, whatever the request's MaxResults, and names no ARN."""
    filters, by_name = self._get_param("Filters"), self._get_param("ParameterFilters")
    found = self.ssm_backend.describe_parameters(filters, by_name)
    page, more = key_token.page(
        "DescribeParameters",
        found,
        lambda parameter: (parameter.name,),
        self._get_param("NextToken"),
        self._get_param("MaxResults") or _PAGE_SIZE,
    )
    shown = [
        {**each.describe_response_object(), "ARN": parameter_arn(*_place(self), each.name)}
        for each in page
    ]
    return ActionResult({"Parameters": shown, "NextToken": more})


def _page_of_history(
    _: SimpleSystemManagerBackend, history: list[Parameter], token: str | None, most: int
) -> tuple[list[Parameter], str | None]:
    """The oldest of 100 versions goes as the next one is put."""
    return key_token.page(
        "GetParameterHistory", history, lambda parameter: (parameter.version,), token, most
    )


def _place(response: SimpleSystemManagerResponse) -> tuple[str, str]:
    return response.current_account, response.region


def _parameter(self: SimpleSystemManagerBackend, name: str) -> Parameter | None:
    forget_what_never_was(self)
    found: Parameter | None = _moto_parameter(self, name)
    return found


def _put(self: SimpleSystemManagerBackend, *arguments: Any, **options: Any) -> Parameter:
    """moto keeps what it is given: no pattern, size or name of it is looked at."""
    asked = _put_signature.bind(self, *arguments, **options)
    given = asked.arguments
    name, value = given["name"].strip(), given["value"] or ""
    given["name"] = name
    forget_what_never_was(self)
    before = self._parameters[name][-1] if name in self._parameters else None
    pattern = given.get("allowed_pattern") or (before.allowed_pattern if before else None)
    new_versions.require(name, value, pattern, given.get("policies"))
    given["policies"] = None
    given["tier"] = new_versions.tier_of(
        value, given.get("tier"), self.default_parameter_tier, before
    )
    key = given.get("keyid") or (before.keyid if before else None)
    is_secure = (given.get("parameter_type") or (before and before.parameter_type)) == _SECURE
    if is_secure:
        secure_strings.require_key(self, key)
    versions, tags = list(self._parameters.get(name, ())), self._resource_tags["Parameter"]
    tags_before = dict(tags.get(name, {}))
    put: Parameter = _moto_put(*asked.args, **asked.kwargs)
    if not data_types.takes(put.data_type, value):
        self._parameters[name], tags[name] = versions, tags_before
        forget_what_never_was(self)
        return put
    if is_secure:
        secure_strings.encrypt(self, put, value)
    return put


def _answer_put(self: SimpleSystemManagerResponse) -> ActionResult:
    answer: ActionResult = _moto_answer_put(self)
    key = callers.find_issued(self.get_access_key())
    put = self.ssm_backend.get_parameter(self._get_param("Name").strip())
    if key is not None and put is not None:
        moto_seams.notes(put, _LastChange).user = key.caller.arn
    return answer


def _label(
    self: SimpleSystemManagerBackend, name: str, version: int, labels: list[str]
) -> tuple[list[str], int]:
    """moto lets labels begin with AWS or SSM in capitals."""
    invalid = [label for label in labels if _NO_LABEL.fullmatch(label)]
    labels = [label for label in labels if label not in invalid]
    _, labelled = _moto_label(self, name, version, labels)
    return invalid, labelled


def _name_of(self: SimpleSystemManagerBackend, name: str) -> str:
    """The name that a name or an ARN stands for: the ARN of "x" is as that of "/x" would be."""
    bare: str = _moto_strip(self, name)
    known, own = self._parameters, bare.partition(":")[0]
    if bare != name and not known.get(own) and known.get(own.removeprefix("/")):
        return bare.removeprefix("/")
    return bare


def _require_filters(
    self: SimpleSystemManagerBackend, filters: list[dict[str, Any]] | None, by_path: bool
) -> None:
    parameter_filters.require_keys(filters or [], by_path=by_path)
    known = [each for each in filters or [] if each["Key"] != "DataType"]
    _moto_require_filters(self, known, by_path)


def _match_filters(
    self: SimpleSystemManagerBackend,
    parameter: Parameter,
    filters: list[dict[str, Any]] | None = None,
) -> bool:
    tags = self._resource_tags["Parameter"].get(parameter.name, {})
    return parameter_filters.matches(parameter, tags, filters or [])
