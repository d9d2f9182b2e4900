# GNU General Public License v3.0+ (see LICENSE)
"""Target states against those that are awaited, and what a failed wait says. Pure."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError

STATES = ("initial", "healthy", "unhealthy", "unused", "draining", "unavailable")

NEXT_STEPS = {
    "Elb.RegistrationInProgress": "It is being registered: raise timeout_seconds.",
    "Elb.InitialHealthChecking": "Its first health checks are running: raise timeout_seconds, "
    "or request its health check path yourself.",
    "Target.ResponseCodeMismatch": "Request its health check path yourself and read the reply.",
    "Target.Timeout": "It does not answer in time: look at its load and its security group.",
    "Target.FailedHealthChecks": "Nothing answers on its port: look at the service's log there.",
    "Target.NotInUse": "No load balancer uses its availability zone, or its target group.",
    "Target.InvalidState": "The instance is stopped or terminated.",
}
"""What to look at, by the reason codes of DescribeTargetHealth."""

Target = dict[str, Any]
"""A target as the module target_health returns it."""


def counts(targets: list[Target]) -> dict[str, int]:
    """How many targets are in each state, for all states."""
    states = [target["state"] for target in targets]
    return {state: states.count(state) for state in STATES}


def unmet(targets: list[Target], wanted: dict[str, Any]) -> list[str]:
    """Which parts of `wait_for` do not hold, as "healthy: 3"; empty when all do."""
    seen = counts(targets)
    missing = [
        f"{state}: {wanted[state]}"
        for state in STATES
        if wanted.get(state) is not None and seen[state] != wanted[state]
    ]
    states = {target["id"]: target["state"] for target in targets}
    missing += [
        f"{target_id}: {state}"
        for target_id, state in (wanted.get("targets") or {}).items()
        if states.get(target_id, "unused") != state
    ]
    return missing


def unregistered(targets: list[Target], wanted: dict[str, Any]) -> list[str]:
    """The ids that are awaited in a state which only a registered target has."""
    known = {target["id"] for target in targets}
    named = wanted.get("targets") or {}
    return [each for each, state in named.items() if state != "unused" and each not in known]


def needs_a_target(wanted: dict[str, Any]) -> bool:
    return any(wanted.get(state) for state in STATES)


def described(target: Target) -> str:
    """One target as "i-1 (us-east-1a, port 80): unhealthy, Target.Timeout, Request timed out"."""
    where = [target["availability_zone"], target["port"] and f"port {target['port']}"]
    said = [target["state"], target["reason"], target["description"]]
    return f"{target['id']} ({', '.join(filter(None, where))}): {', '.join(filter(None, said))}"


def next_steps(targets: list[Target]) -> str:
    """What the reader can look at, one line for each reason seen."""
    if not targets:
        return "No target is registered: look at the Auto Scaling group's activities."
    reasons = sorted({target["reason"] for target in targets if target["reason"] in NEXT_STEPS})
    return "\n".join(f"{reason}: {NEXT_STEPS[reason]}" for reason in reasons)


def failure(
    arn: str, targets: list[Target], wanted: dict[str, Any], waited_seconds: float, why: str | None
) -> str:
    """The failed wait, readable: what was awaited, what was seen, what to do next."""
    ended = f"and cannot be: {why}." if why else f"within {waited_seconds:.0f} s."
    heading = (
        f"The targets of {arn} were not as awaited {ended} "
        f"Not reached: {', '.join(unmet(targets, wanted))}. Seen at the end:"
    )
    seen = "\n".join(map(described, targets))
    return "\n".join(part for part in (heading, seen, next_steps(targets)) if part)


def check_wanted(wanted: dict[str, Any]) -> None:
    """Refuse a wait that nothing could end. Raises `AnsibleAWSError`."""
    for target_id, state in (wanted.get("targets") or {}).items():
        if state not in STATES:
            raise AnsibleAWSError(
                f"wait_for.targets: {target_id}: {state!r} is not a target state; "
                f"those are {', '.join(STATES)}."
            )
