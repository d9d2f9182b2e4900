"""From a template and parameters to what a stack is to be; refused before anything is created."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import ServiceException

from local_aws.control_plane.cloudformation import (
    parameters,
    quotas,
    references,
    rules,
    template,
)
from local_aws.control_plane.cloudformation.differences import evaluated_properties
from local_aws.control_plane.cloudformation.intrinsic_functions import (
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
    stored_value,
)
from local_aws.control_plane.cloudformation.template_reader import format_error

_MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What evaluating something of another form than it should have raises."""


@dataclass(frozen=True)
class Home:
    """Where a stack is, or will be."""

    account_id: str
    region: str
    stack_name: str


def declare(
    home: Home,
    text: str,
    body: dict[str, Any],
    requested: Sequence[Mapping[str, Any]],
    previous: Declaration | None,
    tags: dict[str, str],
) -> Declaration:
    """What a request for the template `body`, whose text is `text`, makes of a stack.

    `requested` are its parameters in the API's shape; those that it keeps are `previous`'s.
    Raises ValidationError.
    """
    declared = body.get("Parameters", {})
    quotas.check_given_parameters(requested)
    given = parameters.given_values(
        declared, requested, previous.given_parameters if previous else {}
    )
    place = home.account_id, home.region
    parameters.check_existence(declared, given, functools.partial(exists, *place))
    resolved = parameters.resolved_values(declared, given, functools.partial(stored_value, *place))
    names = {**_pseudo_parameters(home), **resolved}
    rules.check(body, names, functools.partial(attribute_for_rules, *place))
    transforms = tuple(template.transforms(body))
    if previous and body is previous.template:  # AWS: it is not transformed again
        transforms = previous.transforms
    result = template.processed(body, names)
    evaluator = Evaluator(result, names, NoSurroundings())
    absent = _absent(result, evaluator)
    _require_present(result, evaluator, absent)
    _require_found(result, evaluator)
    present = {name: row for name, row in result["Resources"].items() if name not in absent}
    _require_emulated_types(present)
    _require_emulated_properties(present, Evaluator(result, names, AnySurroundings()))
    return Declaration(text, result, given, resolved, tags, transforms)


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


def _require_present(body: Mapping[str, Any], evaluator: Evaluator, absent: set[str]) -> None:
    """Refuse references to resources that their conditions leave out; DependsOn may name them."""
    for block in ("Resources", "Outputs") if absent else ():
        missing: set[str] = set()
        for definition in body.get(block, {}).values():
            if evaluator.exists(definition):
                missing |= references.names_in(references.taken(definition, evaluator.holds))
        if missing & absent:
            raise references.unresolved(missing & absent, block)


def _require_found(body: Mapping[str, Any], evaluator: Evaluator) -> None:
    """Refuse to look up what a mapping or a list does not have, as recorded."""
    for block in ("Resources", "Outputs"):
        for definition in body.get(block, {}).values():
            with suppress(UnresolvedError):  # a condition that only the stack knows
                if evaluator.exists(definition):
                    _require_found_in(references.taken(definition, evaluator.holds), evaluator)


def _require_found_in(definition: Any, evaluator: Evaluator) -> None:
    for function in ("Fn::FindInMap", "Fn::Select"):
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
