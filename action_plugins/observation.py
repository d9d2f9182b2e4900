# GNU General Public License v3.0+ (see LICENSE)
"""Observe a service in the background; library/observation.py documents it.

An observation belongs to ansible-playbook's process, so the task runs there.
"""

from __future__ import annotations

import platform
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from evidence.claims import ClaimError, parse_claims
from evidence.evidence import Interruption, read_evidence
from evidence.judge.awaiting import NotReachedError, await_claims, latest_of
from evidence.judge.interruption import (
    Interruptions,
    ScenarioEndedError,
    asked_to_stop,
    serve_stop,
)
from evidence.judge.statistics import schedule, success_share
from evidence.observe import observation
from evidence.observe.configuration import AbortCondition, HeldStream, ObserverConfig, Subject
from evidence.observe.limits import check
from evidence.observe.reply_shape import ReplyShape
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder, create_run, run_of
from evidence.record.writing import not_recorded
from evidence.records import HealthCheckSettings

Result = dict[str, Any]

STARTED_NEEDS = (
    "scenario",
    "url",
    "region",
    "stack_name",
    "target_group_arn",
    "auto_scaling_group_name",
)
SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "state": {
            "type": "str",
            "required": True,
            "choices": ["started", "marked", "awaited", "stopped"],
        },
        "runs_directory": {"type": "path", "required": True},
        "scenario": {"type": "str"},
        "url": {"type": "str"},
        "rate": {"type": "float", "default": 50},
        "request_timeout_seconds": {"type": "float", "default": 5},
        "sample_interval_seconds": {"type": "float", "default": 0.25},
        "limit_seconds": {"type": "float", "default": 3600},
        "region": {"type": "str"},
        "stack_name": {"type": "str"},
        "stack_arn": {"type": "str"},
        "target_group_arn": {"type": "str"},
        "auto_scaling_group_name": {"type": "str"},
        "settings": {"type": "dict", "default": {}},
        "reply_shape": {"type": "dict", "default": {}},
        "held": {
            "type": "dict",
            "options": {
                "url": {"type": "str", "required": True},
                "rate": {"type": "float", "default": 5},
                "timeout_seconds": {"type": "float", "default": 10},
            },
        },
        "impact": {"type": "str", "default": "none", "choices": ["none", "errors"]},
        "abort_below": {"type": "float", "default": 0.5},
        "abort_seconds": {"type": "float", "default": 10},
        "mark": {"type": "str"},
        "since": {"type": "float"},
        "instance": {"type": "str"},
        "mutation": {"type": "str"},
        "inverse": {"type": "str"},
        "mutations": {
            "type": "list",
            "elements": "dict",
            "options": {
                "operation": {"type": "str", "required": True},
                "resource": {"type": "str", "required": True},
                "before": {"type": "dict", "default": {}},
                "after": {"type": "dict", "default": {}},
            },
        },
        "until": {"type": "list", "elements": "dict", "default": []},
        "replies": {"type": "int", "default": 50},
        "timeout_seconds": {"type": "float", "default": 120},
    },
    "required_if": [("state", "started", STARTED_NEEDS), ("state", "marked", ["mark"])],
    "required_by": {
        "inverse": "mutation",
        "mutation": "mark",
        "mutations": "mark",
        "instance": "mark",
    },
}


def own_run(options: dict[str, Any]) -> RunFolder | None:
    # A task is played by a fork of the ansible-playbook that it belongs to.
    return run_of(ProcessIdentity.of_parent(), Path(options["runs_directory"]))


def observer_config(options: dict[str, Any], environment: dict[str, str]) -> ObserverConfig:
    """What an observer is started with, but for its folder. Raises ValueError for what is wrong."""
    endpoint = environment.get("AWS_ENDPOINT_URL")
    return ObserverConfig(
        run_folder="",
        scenario=options["scenario"],
        url=options["url"],
        rate=options["rate"],
        timeout_seconds=options["request_timeout_seconds"],
        sample_interval_seconds=options["sample_interval_seconds"],
        limit_seconds=options["limit_seconds"],
        owner=ProcessIdentity.of_parent(),
        subject=Subject(
            region=options["region"],
            stack_name=options["stack_name"],
            target_group_arn=options["target_group_arn"],
            auto_scaling_group_name=options["auto_scaling_group_name"],
        ),
        settings={
            "python": platform.python_version(),
            "machine": platform.platform(),
            **({"endpoint": endpoint} if endpoint else {}),
            **options["settings"],
        },
        abort=AbortCondition(options["abort_below"], options["abort_seconds"], options["impact"]),
        reply_shape=ReplyShape.from_dict(options["reply_shape"]),
        held=options["held"] and HeldStream(**options["held"]),
    )


def started(options: dict[str, Any], environment: dict[str, str]) -> Result:
    config = observer_config(options, environment)  # what is wrong is refused before a run begins
    folder = own_run(options) or create_run(
        config.owner,
        Path(options["runs_directory"]),
        stack={"name": options["stack_name"], "arn": options["stack_arn"]},
    )
    asked = asked_to_stop(folder)
    if asked is not None:
        serve_stop(folder)
        raise ScenarioEndedError(Interruption("stopped", f"{asked} before {options['scenario']}"))
    config = replace(config, run_folder=str(folder.path))
    changed = not observation.is_running_with(config)
    if changed:
        observation.start(config, environment)
    return {"changed": changed, "run_folder": str(folder.path)}


def marked(
    observer: observation.RunningObserver, options: dict[str, Any], since: float | None = None
) -> Result:
    at = observation.mark(
        observer,
        options["mark"],
        instance=options["instance"],
        mutation=options["mutation"],
        inverse=options["inverse"],
        mutations=options["mutations"] or [],
        since=since,
    )
    return {"changed": True, "run_folder": str(observer.folder.path), "at": at}


def awaited(observer: observation.RunningObserver, options: dict[str, Any]) -> Result:
    verdicts, evidence, since = await_claims(
        observer,
        parse_claims(options["until"]) if options["until"] else [],
        options["replies"],
        options["timeout_seconds"],
    )
    seen = [f"{verdict.claim}: {verdict.seen}" for verdict in verdicts]
    reached = marked(observer, options, since) if options["mark"] else {"changed": False}
    return {
        "run_folder": str(observer.folder.path),
        "seen": seen,
        "health_check": described(evidence.health_check),
        **reached,
    }


def described(settings: HealthCheckSettings | None) -> dict[str, float]:
    """For bounds of claims: what the target group's settings are, and what follows from them."""
    if settings is None:
        return {}
    return {
        "interval_seconds": settings.interval_seconds,
        "timeout_seconds": settings.timeout_seconds,
        "healthy_threshold": settings.healthy_threshold,
        "unhealthy_threshold": settings.unhealthy_threshold,
        "eviction_seconds": settings.eviction_seconds,
        "recovery_seconds": settings.recovery_seconds,
    }


def stopped(folder: RunFolder | None) -> Result:
    observer = folder and observation.running_observer(folder)
    if not observer:
        return {"changed": False, "run_folder": ""}
    observation.stop(observer)
    evidence = read_evidence(observer.folder, observer.scenario)
    return {
        "changed": True,
        "run_folder": str(observer.folder.path),
        "requests": len(evidence.replies),
        "success_share": success_share(evidence.replies),
        "schedule": schedule(evidence.replies, evidence.missed),
    }


def would_change(options: dict[str, Any], environment: dict[str, str]) -> bool:
    """Whether the task would change something; for check mode, so it does nothing."""
    state, folder = options["state"], own_run(options)
    if state == "started":
        config = observer_config(options, environment)
        return not (
            folder and observation.is_running_with(replace(config, run_folder=str(folder.path)))
        )
    if state == "stopped":
        return bool(folder and observation.running_observer(folder))
    return bool(options["mark"])


def act(options: dict[str, Any], environment: dict[str, str]) -> Result:
    state = options["state"]
    check("replies", options["replies"])
    check("timeout_seconds", options["timeout_seconds"])
    if state == "started":
        return started(options, environment)
    folder = own_run(options)
    if state == "stopped":
        return stopped(folder)
    observer = folder and observation.observer_of(folder)
    if not observer:
        raise observation.ObservationError(
            "this playbook observes nothing: start with state=started"
        )
    if state == "awaited":
        return awaited(observer, options)
    Interruptions(observer, time.time()).check(latest_of(observer, [], 1).read())
    return marked(observer, options, options["since"])


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        began_at = time.time()
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        failed: Result
        try:
            if self._task.check_mode:
                changed = would_change(options, environment)
                return {"began_at": began_at, "changed": changed, "run_folder": ""}
            return {"began_at": began_at, **act(options, environment)}
        except ScenarioEndedError as error:
            kind = error.interruption.kind
            failed = {"msg": str(error), "interruption": kind}
        except NotReachedError as error:
            failed = {"msg": str(error), "since": error.since}
        except (observation.ObservationError, ClaimError, ProcessLookupError, ValueError) as error:
            failed = {"msg": str(error)}
        except OSError as error:
            failed = {"msg": not_recorded(error, Path(options["runs_directory"]))}
        return {"failed": True, "changed": False, "began_at": began_at, **failed}
