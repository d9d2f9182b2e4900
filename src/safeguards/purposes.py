"""What each playbook is for, and whose stacks it may work on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from safeguards.ownership import ABSENT, ADOPTED, FOREIGN, OLDER, OWN


@dataclass(frozen=True)
class Purpose:
    """`will` is what it is going to do, in the plan's words, `owners` the stacks it works on.

    One that `mutates` needs the operator's lock. What it touches are the inventory's stacks, of
    which one of `one_stack` takes no more than one, or `every_stack` of the project that fits. One
    that `needs_aws` asks who calls and what is there; one that `needs_a_service` looks at the
    targets of a stack that was deployed.
    """

    playbook: str
    will: str
    mutates: bool
    owners: frozenset[str]
    one_stack: bool = False
    every_stack: bool = False
    needs_aws: bool = True
    needs_a_service: bool = False


_PURPOSES = (
    Purpose(
        "deploy",
        "create the stack, or converge it to its first settings",
        mutates=True,
        owners=frozenset({ABSENT, OWN, ADOPTED}),
    ),
    Purpose(
        "scenario",
        "inject faults and restore the service",
        mutates=True,
        owners=frozenset({OWN}),
        one_stack=True,
        needs_a_service=True,
    ),
    Purpose(
        "recover",
        "restore the service's steady state",
        mutates=True,
        owners=frozenset({OWN}),
    ),
    Purpose(
        "destroy",
        "delete the stack and all that belongs to it",
        mutates=True,
        owners=frozenset({ABSENT, OWN, ADOPTED}),
    ),
    Purpose(
        "status",
        "read, and send requests for a second",
        mutates=False,
        owners=frozenset({OWN, OLDER, ADOPTED}),
        needs_a_service=True,
    ),
    Purpose(
        "watch",
        "serve a page on this machine that shows the service",
        mutates=False,
        owners=frozenset({OWN, OLDER, ADOPTED}),
    ),
    Purpose(
        "unwatch",
        "end the live page",
        mutates=False,
        owners=frozenset(),
        needs_aws=False,
    ),
    Purpose(
        "render",
        "write what a deployment would send, and change nothing",
        mutates=False,
        owners=frozenset({ABSENT, OWN, OLDER, ADOPTED}),
    ),
    Purpose(
        "stop",
        "ask the scenario that is being played to end",
        mutates=False,
        owners=frozenset({ABSENT, OWN, OLDER, ADOPTED, FOREIGN}),
    ),
    Purpose(
        "report",
        "read the record of a run",
        mutates=False,
        owners=frozenset(),
        needs_aws=False,
    ),
    Purpose(
        "demo",
        "start a fresh local AWS, deploy, play the scenarios, destroy, stop",
        mutates=False,
        owners=frozenset(),
        one_stack=True,
    ),
)
PURPOSES = {each.playbook: each for each in _PURPOSES}
SWEEP = Purpose(
    "destroy",
    "delete each stack of this project whose time is over, and all that belongs to it",
    mutates=True,
    owners=PURPOSES["destroy"].owners,
    every_stack=True,
)
"""Of destroy.yml with -e expired_only=true."""

Found = Mapping[str, Any]


def purpose_of(playbook: str, *, expired_only: bool) -> Purpose:
    return SWEEP if playbook == "destroy" and expired_only else PURPOSES[playbook]


def selection_refusal(purpose: Purpose, stacks: Collection[str]) -> str | None:
    """Why a play is not on these stacks of the inventory."""
    if not purpose.one_stack or len(stacks) == 1:
        return None
    names = sorted(stacks)
    return (
        f"The scenarios are played on one stack at a time. The stacks are: {', '.join(names)}. "
        f"Choose one with: --limit {names[0]}"
    )


def refusal(purpose: Purpose, found: Found, command: str) -> str | None:
    """Why this stack is not worked on, and what to do; None when it is.

    `found` is what the module service_preflight returns; `command` is how a playbook is typed.
    """
    stack, ownership = found["stack"], found["ownership"]
    name, arn = stack["name"], stack["arn"]
    if ownership == ABSENT and ownership not in purpose.owners:
        return f"The stack {name} is not deployed here. Deploy it with: {command} deploy.yml"
    if ownership in (OLDER, ADOPTED) and ownership not in purpose.owners:
        return (
            f"The stack {name} ({arn}) was created by an older version of this project. Take it "
            f"over with: {command} deploy.yml -e service_stack_adopt={arn}"
        )
    if ownership not in purpose.owners:
        return (
            f"The stack {name} ({arn}) is not this project's: its tags do not say so. Nothing was "
            "changed. Choose another name: rename the host in the inventory, or add "
            "-e service_stack_name=<another name>"
        )
    return _not_serving(stack, command) if purpose.needs_a_service else None


def _not_serving(stack: Found, command: str) -> str | None:
    """Why a stack cannot be broken or shown: it has no target group to look at."""
    if "TGArn" in stack["outputs"]:
        return None
    reason = f" ({stack['status_reason']})" if stack["status_reason"] else ""
    return (
        f"The stack {stack['name']} is not deployed here: it is {stack['status']}{reason}. "
        f"Deploy it with: {command} deploy.yml"
    )
