"""What a play is going to touch, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeguards.cost import estimate
from safeguards.ownership import OWN
from safeguards.purposes import Purpose

Found = Mapping[str, Any]

EMPTY = "(empty)"

_TOUCHED = {
    "AWS::AutoScaling::AutoScalingGroup": "group",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load balancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "target group",
    "AWS::DynamoDB::Table": "table",
    "AWS::SSM::Parameter": "parameters",
}
"""The kinds of resources that are named one by one; the others are counted."""


@dataclass(frozen=True)
class Intended:
    """What variables say of the AWS and the stack that are meant.

    `endpoint` is that of the local AWS, `parameters` are those that a deployment sets.
    """

    backend: str
    region: str
    endpoint: str
    instance_type: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """What is going to be touched, and whether that changes anything: Ansible's "changed".

    `compares`: what the stack and all that would be sent differ in is yet to be found.
    """

    lines: list[str]
    changes: bool
    compares: bool


def plan(
    purpose: Purpose,
    found: Found,
    intended: Intended,
    *,
    only_plan: bool,
    sweep: Found | None = None,
) -> Plan:
    """`found` is what the module service_preflight returns.

    `sweep` is what the module own_stacks returns, for the plan of a sweep.
    """
    compares = only_plan and purpose.playbook == "deploy" and converges(found)
    changes = [] if compares else _changes(purpose, found, intended.parameters)
    shown = lines(purpose, found, intended)
    shown += changes and ["changes:", *(f"  {change}" for change in changes)]
    shown += cost(purpose, found, intended)
    if sweep is not None:
        removes = any(each["expired"] for each in sweep["stacks"])
        return Plan([*shown, *sweep["lines"]], removes, compares)
    return Plan(shown, would_change(purpose, found, changes), compares)


def _changes(purpose: Purpose, found: Found, parameters: Mapping[str, str]) -> list[str]:
    """What a deployment changes, as far as variables and the stack's state say it."""
    if purpose.playbook != "deploy":
        return []
    if not converges(found):
        return before_convergence(found)
    return differences(parameters, found["stack"]["parameters"])


def lines(purpose: Purpose, found: Found, intended: Intended) -> list[str]:
    """The backend, the caller, the stack and what exists of it by exact ids."""
    caller, stack = found["caller"], found["stack"]
    is_local = intended.backend == "local"
    where = f"the local AWS at {intended.endpoint}" if is_local else "AWS"
    shown = [
        f"backend: {where}, account {caller['account']}, {intended.region}, as {caller['arn']}",
        f"stack: {_stack(found)}",
        f"will: {purpose.will}",
    ]
    if purpose.mutates and not purpose.every_stack and stack["arn"] is not None:
        shown += ["touches:", *(f"  {line}" for line in touched(found))]
    return shown


def _stack(found: Found) -> str:
    stack = found["stack"]
    if stack["arn"] is None:
        return f"{stack['name']}, which does not exist"
    whose = "" if found["ownership"] == OWN else f", {found['ownership']}"
    return f"{stack['name']}, {stack['status']}{whose}"


def touched(found: Found) -> list[str]:
    resources = found["resources"]
    shown = [f"stack {found['stack']['arn']}"]
    shown += [
        f"{word} {', '.join(resources[kind])}"
        for kind, word in _TOUCHED.items()
        if kind in resources
    ]
    if found["instances"]:
        shown.append(f"instances {', '.join(found['instances'])}")
    if bucket := (found["stack"].get("parameters") or {}).get("ServerBucket"):
        shown.append(f"bucket {bucket}")
    others = sum(len(ids) for kind, ids in resources.items() if kind not in _TOUCHED)
    return [*shown, f"{others} more resources of the stack"] if others else shown


def differences(wanted: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """The parameters that a deployment changes: "SSMFailure: static -> none"."""
    return [
        f"{name}: {present[name] or EMPTY} -> {value or EMPTY}"
        for name, value in sorted(wanted.items())
        if name in present and present[name] != value
    ]


def converges(found: Found) -> bool:
    """Whether a deployment only updates this stack, so that its plan is what differs."""
    return found["ownership"] == OWN and found["usable"] and not _is_in_progress(found)


def before_convergence(found: Found) -> list[str]:
    """What a deployment does first with a stack that it cannot just update; docs/recovery.md."""
    status = found["stack"]["status"]
    if found["usable"]:
        return [f"waits for {status} to end first"] if _is_in_progress(found) else []
    if status is None:
        return []
    if status == "UPDATE_ROLLBACK_FAILED":
        return [f"it is {status}: its rollback is continued first"]
    return [f"it is {status}: the stack is removed and created again"]


def _is_in_progress(found: Found) -> bool:
    return str(found["stack"]["status"]).endswith("_IN_PROGRESS")


def would_change(purpose: Purpose, found: Found, changes: list[str]) -> bool:
    if purpose.playbook == "deploy":
        return not converges(found) or bool(changes)
    return found["stack"]["arn"] is not None and purpose.playbook in ("destroy", "scenario")


def cost(purpose: Purpose, found: Found, intended: Intended) -> list[str]:
    """What the stack costs while it exists; nothing on the local AWS."""
    exists = found["stack"]["arn"] is not None
    if intended.backend != "aws" or not (exists or purpose.mutates):
        return []
    return [f"cost: {estimate(intended.instance_type)}"]
