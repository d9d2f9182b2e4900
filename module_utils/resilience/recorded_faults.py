# GNU General Public License v3.0+ (see LICENSE)
"""What has become of the faults that a run recorded before it injected them.

The real state decides. The record only adds what that state cannot show: which scenario meant it,
on which instance the fault was, and which value was there before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidence.record.mutations import Mutation

RESTORED = "restored now"
ALREADY = "found already restored"
IN_PLACE = "still in place"

_RELEASE = "LaunchTemplateVersion"


@dataclass(frozen=True)
class Present:
    """The real state, as far as faults are made of it.

    `parameters` are the stack's. `profiles` has every instance that boots or runs, by id, with the
    name of its instance profile, empty when it has none.
    """

    parameters: Mapping[str, str]
    profiles: Mapping[str, str]


def outcomes(fault: Mutation, before: Present, after: Present) -> list[str]:
    """One line for each thing that the fault changes: from what to what, and whether it is there.

    `before` and `after` are the real state before and after the recovery. A fault is recorded
    before it is injected, so it may never have been.
    """
    if fault.operation == "cloudformation:UpdateStack":
        return list(_of_parameters(fault, before.parameters, after.parameters))
    instance = fault.resource
    if fault.operation == "ec2:DisassociateIamInstanceProfile":
        profile = fault.before.get("profile", "its profile")
        outcome = _of_profile(before.profiles.get(instance), after.profiles.get(instance))
        return [f"{fault.scenario} took {profile} from {instance}: {outcome}"]
    if fault.operation == "ec2:TerminateInstances":
        outcome = (
            "never done, it still runs"
            if instance in after.profiles
            else "it is gone, its group replaces it"
        )
        return [f"{fault.scenario} terminated {instance}: {outcome}"]
    return [f"{fault.scenario} called {fault.operation} on {instance}: look whether it must go"]


def _of_parameters(
    fault: Mutation, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[str]:
    for name, value in fault.after.items():
        earlier = fault.before.get(name)
        if before.get(name) != value:
            outcome = ALREADY
        elif after.get(name) != value:
            outcome = RESTORED
        elif name == _RELEASE:
            outcome = (
                "kept, since a release is no fault; deploy.yml deploys the earlier one with: "
                f"-e service_stack_release={earlier}"
            )
        else:
            outcome = IN_PLACE
        yield f"{fault.scenario} set {name} from {earlier or 'empty'} to {value}: {outcome}"


def _of_profile(before: str | None, after: str | None) -> str:
    if before is None:
        return "the instance is gone"
    if before:
        return ALREADY
    return RESTORED if after else IN_PLACE
