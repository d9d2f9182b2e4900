"""What the page shows of what is known, as JSON can hold it. Pure.

Times are seconds since the epoch, so that the same state is the same text, and the browser counts
the seconds since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evidence.record.windows import FAULT, RESTORED, SETTLED, STEADY
from live_page.configuration import PageConfig
from live_page.facts import SETTINGS
from live_page.news import Line
from live_page.traffic import rate
from live_page.view import Instance, Scenario, View
from narration.events import short
from narration.shares import counted
from safeguards.scenarios import Scenario as Plan

_NEW_SECONDS = 30.0
_LINES = 40
_EVENTS = 12
_STEPS = (
    (STEADY, "steady state"),
    (FAULT, "fault"),
    (SETTLED, "effect"),
    (RESTORED, "restored"),
)
_STEPS_WITHOUT_FAULT = ((STEADY, "steady state"), (SETTLED, "observed"), (RESTORED, "still so"))

Shown = dict[str, Any]


def state(
    view: View,
    config: PageConfig,
    now: float,
    *,
    is_observed: bool,
    plan: Plan | None = None,
    claims: Sequence[Mapping[str, str]] = (),
    commands: Mapping[str, Any] | None = None,
) -> Shown:
    """The whole page. `plan` is of the scenario that is shown, `commands` what can be pressed."""
    by_instance = view.traffic.by_instance(now)
    total = sum(by_instance.values(), Counter())
    return {
        "stack": _stack(view, config),
        "health": _health(view),
        "traffic": {**_flow(total), "is_flowing": view.traffic.is_flowing(now)},
        "balancer": _flow(by_instance.get("", Counter())),
        "zones": _zones(view, by_instance, now),
        "settings": _settings(view),
        "scenario": _scenario(view.scenario, plan, claims, is_observed=is_observed),
        "lines": [_line(each) for each in _newest_first(view.lines)[:_LINES]],
        "marks": [list(each) for each in view.marks],
        "seconds": view.traffic.latest(),
        "unread": view.unread,
        "commands": commands or {},
    }


def _stack(view: View, config: PageConfig) -> Shown:
    stack = view.facts.stack
    return {
        "name": config.stack_name,
        "region": config.region,
        "backend": config.backend,
        "status": stack.status if stack else "not deployed",
        "url": f"http://{stack.outputs['LB']}/" if stack and "LB" in stack.outputs else "",
        "reason": stack.reason if stack else "",
        "events": [
            {
                "at": each.at,
                "resource": "the stack" if each.is_stack else short(each.resource),
                "status": each.status,
                "reason": each.reason,
            }
            for each in view.facts.events[:_EVENTS]
        ],
    }


def _health(view: View) -> Shown:
    states = Counter(each.state for each in view.instances.values() if each.state)
    return {
        "words": ", ".join(f"{count} {name}" for name, count in sorted(states.items())),
        "healthy": states["healthy"],
        "targets": view.targets,
        "is_fail_open": view.is_fail_open,
    }


def _flow(kinds: Mapping[str, int]) -> Shown:
    """Requests a second, in all and by kind, and the kinds in words."""
    return {
        "rate": rate(kinds),
        "kinds": {kind: rate({kind: count}) for kind, count in sorted(kinds.items())},
        "words": counted(dict(sorted(kinds.items(), key=lambda each: -each[1]))),
    }


def _zones(view: View, by_instance: Mapping[str, Counter[str]], now: float) -> list[Shown]:
    zones: dict[str, list[Shown]] = {}
    ordered = sorted(view.instances.values(), key=lambda each: (each.first_seen, each.name))
    for each in ordered:
        shown = _instance(
            each, by_instance.get(each.name, Counter()), now, is_open=view.is_fail_open
        )
        zones.setdefault(each.zone or "zone unknown", []).append(shown)
    return [{"zone": zone, "instances": zones[zone]} for zone in sorted(zones)]


def _instance(each: Instance, kinds: Mapping[str, int], now: float, *, is_open: bool) -> Shown:
    return {
        "id": each.name,
        "release": each.release,
        "phase": phase(each, now),
        "state": each.state,
        "reason": each.reason,
        "description": each.description,
        "since": each.since or each.first_seen,
        "is_since_known": each.is_since_known,
        "lifecycle": each.lifecycle,
        "ec2": each.ec2,
        "gets_requests": each.state == "healthy" or (is_open and each.state == "unhealthy"),
        **_flow(kinds),
    }


def phase(each: Instance, now: float) -> str:
    """In which part of its life an instance is; "new" is one that has been healthy for seconds."""
    if each.gone_at is not None or each.ec2 == "terminated" or each.lifecycle == "Terminated":
        return "terminated"
    if each.state == "draining":
        return "draining"
    if each.lifecycle.startswith("Terminat") or each.ec2 in ("shutting-down", "stopping"):
        return "terminating"
    if each.lifecycle.startswith("Pending") or each.ec2 == "pending" or each.state == "initial":
        return "starting"
    if not each.state:
        return "not registered"
    if each.launched_at and now - each.launched_at < _NEW_SECONDS:
        return "new"
    return "in service"


def _settings(view: View) -> list[Shown]:
    """The settings in force, as Systems Manager has them, and the release."""
    facts = view.facts
    parameters = facts.stack.parameters if facts.stack else {}
    shown = [{"name": name, "value": facts.settings.get(name, "")} for name in SETTINGS.values()]
    release = parameters.get("LaunchTemplateVersion", "")
    health_check = view.health_check
    every = f"every {health_check.interval_seconds} s" if health_check else ""
    return [*shown, {"name": "release", "value": release}, {"name": "health check", "value": every}]


def _scenario(
    scenario: Scenario | None,
    plan: Plan | None,
    claims: Sequence[Mapping[str, str]],
    *,
    is_observed: bool,
) -> Shown | None:
    if scenario is None:
        return None
    result = scenario.result
    hypothesis = plan.hypothesis if plan else (result or {}).get("hypothesis", "")
    return {
        "name": scenario.name,
        "hypothesis": " ".join(hypothesis.split()),
        "started_at": scenario.started_at,
        "stopped_at": scenario.stopped_at,
        "is_going_on": is_observed and scenario.stopped_at is None,
        "steps": _steps(scenario, plan),
        "awaiting": scenario.awaiting,
        "change": scenario.change,
        "interruption": scenario.interruption,
        "claims": [dict(each) for each in claims],
        "outcome": (result or {}).get("outcome", ""),
    }


def _steps(scenario: Scenario, plan: Plan | None) -> list[Shown]:
    """The phases, each with when it came; None for one that has not come yet.

    Of an observation that is no scenario, such as a recovery's, they are those that came.
    """
    if plan is None:
        steps = [(mark, label) for mark, label in _STEPS if mark in {STEADY, *scenario.marks}]
    else:
        steps = list(_STEPS if plan.faults else _STEPS_WITHOUT_FAULT)
    shown = [{"name": label, "at": scenario.marks.get(mark)} for mark, label in steps]
    return [*shown, {"name": "judged", "at": scenario.stopped_at if scenario.result else None}]


def _newest_first(lines: Iterable[Line]) -> list[Line]:
    """By when it happened; of one moment, what was said last comes first."""
    latest = list(lines)[::-1]
    return sorted(latest, key=lambda each: -each.at)


def _line(line: Line) -> Shown:
    return {"at": line.at, "text": line.text, "tone": line.tone}
