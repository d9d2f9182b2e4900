"""A stack's declaration from a template and parameters, checked before anything is created."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import ServiceException

from local_aws.control_plane.cloudformation import (
    dynamic_references,
    outputs,
    parameters,
    quotas,
    references,
    rules,
    stored_values,
    template,
)
from local_aws.control_plane.cloudformation.differences import evaluated_properties
from local_aws.control_plane.cloudformation.intrinsic_functions import (
    UNKNOWN,
    AnySurroundings,
    Evaluator,
    NoSurroundings,
    UnresolvedError,
)
from local_aws.control_plane.cloudformation.resource_types import registry
from local_aws.control_plane.cloudformation.stack import Declaration
from local_aws.control_plane.cloudformation.surroundings import (
    attribute_for_rules,
    exists,
)
from local_aws.control_plane.cloudformation.template_reader import format_error

_MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What evaluating something of another form than it should have raises."""

_EVALUATED_EARLY = (
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::FindInMap",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
)


@dataclass(frozen=True)
class Home:
    """Where a stack is, or will be."""

    account_id: str
    region: str
    stack_name: str


def require_own_tags(tags: Iterable[str]) -> None:
    """Raise ValidationError for a key that only AWS gives; its words, as users report them.

    AWS: API_Tag in the CloudFormation API Reference; aws-quickstart/quickstart-amazon-eks#42.
    """
    if any(key.lower().startswith("aws:") for key in tags):
        raise ValidationError(
            message="aws: prefixed tag key names are not allowed for external use."
        )


def declare(
    home: Home,
    text: str,
    body: dict[str, Any],
    requested: Sequence[Mapping[str, Any]],
    previous: Declaration | None,
    tags: dict[str, str],
) -> Declaration:
    """The declaration in a request for the template `body`, whose text is `text`.

    `requested` are its parameters in the API's shape; those that it keeps are `previous`'s.
    Raises ValidationError.
    """
    declared = body.get("Parameters", {})
    quotas.check_given_parameters(requested)
    given = parameters.given_values(
        declared, requested, previous.given_parameters if previous else {}
    )
    place = home.account_id, home.region
    plain = functools.partial(stored_values.plain, *place)
    resolved = parameters.resolved_values(
        declared, given, functools.partial(stored_values.for_parameter, *place), plain
    )
    names = {**_pseudo_parameters(home), **resolved}
    refusal = parameters.missing(declared, resolved, functools.partial(exists, *place))
    if not refusal:
        rules.check(body, names, functools.partial(attribute_for_rules, *place))
    transforms = tuple(template.transforms(body))
    if previous and body is previous.template:  # AWS: it is not transformed again
        transforms = previous.transforms
    try:
        result = template.processed(body, names)
    except ValidationError as error:  # AWS has the stack by then, which rolls back
        nothing = {"Parameters": declared, "Resources": {}}
        return Declaration(text, nothing, given, resolved, tags, transforms, refusal=error.message)
    evaluator = Evaluator(result, names, NoSurroundings())
    absent = _absent(result, evaluator)
    _require_present(result, evaluator, absent)
    _require_evaluable(result, evaluator)
    outputs.check_values(evaluator)
    outputs.check_exports(evaluator)
    present = {name: row for name, row in result["Resources"].items() if name not in absent}
    _require_emulated_types(present)
    anywhere = Evaluator(result, names, AnySurroundings())
    _require_emulated_properties(present, anywhere)
    # AWS: the template that a stack has already, with the same parameters, is not resolved again.
    is_kept = previous and body is previous.template and given == previous.given_parameters
    looked_up = previous.looked_up if previous and is_kept else {}
    refusal = refusal or _look_up(present, anywhere, plain, looked_up)
    return Declaration(text, result, given, resolved, tags, transforms, looked_up, refusal)


def _absent(body: Mapping[str, Any], evaluator: Evaluator) -> set[str]:
    """The resources that their conditions leave out, as far as that is known before there is a
    stack."""
    resources = body["Resources"]
    try:
        return {name for name in resources if not evaluator.exists(resources[name])}
    except UnresolvedError:  # a condition on what only the stack itself knows
        return set()
    except _MALFORMED as error:
        raise format_error(f"a condition has another form: {error}") from error


def _require_emulated_types(resources: Mapping[str, Any]) -> None:
    """Refuse types that would fail once the stack is half made; AWS has them all."""
    types = {row["Type"] for row in resources.values()}
    missing = sorted(name for name in types if not registry.is_emulated(name))
    if missing:
        raise ValidationError(
            message=f"The local AWS does not emulate {', '.join(missing)} in a stack."
        )


def _require_emulated_properties(resources: Mapping[str, Any], evaluator: Evaluator) -> None:
    """Refuse what a service would refuse by name once the stack is half made."""
    for name, row in resources.items():
        try:
            properties = evaluated_properties(evaluator, row)
            update_policy = evaluator.value_of(row.get("UpdatePolicy", {}))
        except (ValidationError, *_MALFORMED):  # its own step says what is wrong with it
            continue
        try:
            handler = registry.resource_type(row["Type"])
            handler.require_emulated(properties)
            handler.require_policy(update_policy)
        except ServiceException as error:
            raise ValidationError(message=f"Resource {name}: {error.message}") from error


def _look_up(
    resources: Mapping[str, Any],
    evaluator: Evaluator,
    plain: Callable[[str], str],
    looked_up: dict[str, str],
) -> str | None:
    """Look up what dynamic references name, and add it to `looked_up`, as far as the names are
    known before there is a stack.

    Returns why the stack fails before it comes to any resource. Raises ValidationError.
    """
    refusal = None
    for row in resources.values():
        try:
            properties = evaluator.with_references(row.get("Properties", {}))
        except (ValidationError, *_MALFORMED):  # its own step says what is wrong with it
            continue
        refusal = refusal or dynamic_references.refusal(row["Type"], properties, UNKNOWN)
        for key in dynamic_references.plain_keys(properties):
            if UNKNOWN not in key and key not in looked_up:
                looked_up[key] = plain(key)
    return refusal


def _require_present(body: Mapping[str, Any], evaluator: Evaluator, absent: set[str]) -> None:
    """Refuse references to resources that their conditions leave out; DependsOn may name them."""
    for block in ("Resources", "Outputs") if absent else ():
        missing: set[str] = set()
        for definition in body.get(block, {}).values():
            if evaluator.exists(definition):
                missing |= references.names_in(references.taken(definition, evaluator.holds))
        if missing & absent:
            raise references.unresolved(missing & absent, block)


def _require_evaluable(body: Mapping[str, Any], evaluator: Evaluator) -> None:
    """Refuse what a function cannot be called with, as far as that is known before there is a
    stack: a mapping without the key, a list without the index, no text."""
    for block in ("Resources", "Outputs"):
        for definition in body.get(block, {}).values():
            with suppress(UnresolvedError):  # a condition that only the stack knows
                if evaluator.exists(definition):
                    _require_evaluable_in(references.taken(definition, evaluator.holds), evaluator)


def _require_evaluable_in(definition: Any, evaluator: Evaluator) -> None:
    for function in _EVALUATED_EARLY:
        for _, argument in references.calls(definition, function):
            with suppress(UnresolvedError):  # what is looked up there only the stack knows
                evaluator.value_of({function: argument})


def _pseudo_parameters(home: Home) -> dict[str, str]:
    """Those that are known when there may be no stack yet."""
    return {
        "AWS::AccountId": home.account_id,
        "AWS::Partition": "aws",
        "AWS::Region": home.region,
        "AWS::StackName": home.stack_name,
        "AWS::URLSuffix": "amazonaws.com",
    }
