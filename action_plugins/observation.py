# GNU General Public License v3.0+ (see LICENSE)
"""Observe a service in the background; library/observation.py documents it.

An observation belongs to ansible-playbook's process, so the task runs there.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from evidence import observation
from evidence.awaiting import await_claims
from evidence.claims import ClaimError, parse_claims
from evidence.evidence import read_evidence
from evidence.observer_config import ObserverConfig, Subject
from evidence.records import HealthCheckSettings
from evidence.run_folder import run_of
from evidence.statistics import schedule, success_share
from local_aws.processes import ProcessIdentity

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
        "target_group_arn": {"type": "str"},
        "auto_scaling_group_name": {"type": "str"},
        "settings": {"type": "dict", "default": {}},
        "mark": {"type": "str"},
        "instance": {"type": "str"},
        "mutation": {"type": "str"},
        "inverse": {"type": "str"},
        "until": {"type": "list", "elements": "dict", "default": []},
        "replies": {"type": "int", "default": 50},
        "timeout_seconds": {"type": "float", "default": 120},
    },
    "required_if": [("state", "started", STARTED_NEEDS), ("state", "marked", ["mark"])],
    "required_by": {"inverse": "mutation", "mutation": "mark", "instance": "mark"},
}


def started(options: dict[str, Any], runs_directory: Path, environment: dict[str, str]) -> Result:
    # A task is played by a fork of the ansible-playbook that it belongs to.
    owner = ProcessIdentity.of(os.getppid())
    if owner is None:
        raise observation.ObservationError("the process that plays this task has ended")
    folder = run_of(owner, runs_directory)
    config = ObserverConfig(
        scenario=options["scenario"],
        run_folder=str(folder.path),
        url=options["url"],
        rate=options["rate"],
        timeout_seconds=options["request_timeout_seconds"],
        sample_interval_seconds=options["sample_interval_seconds"],
        limit_seconds=options["limit_seconds"],
        owner=owner,
        subject=Subject(
            region=options["region"],
            stack_name=options["stack_name"],
            target_group_arn=options["target_group_arn"],
            auto_scaling_group_name=options["auto_scaling_group_name"],
        ),
        settings={
            "python": platform.python_version(),
            "machine": platform.platform(),
            **options["settings"],
        },
    )
    changed = not observation.is_running_with(config, runs_directory)
    if changed:
        observation.start(config, runs_directory, environment)
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
        since=since,
    )
    return {"changed": True, "run_folder": observer.run_folder, "at": at}


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
        "run_folder": observer.run_folder,
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


def stopped(runs_directory: Path) -> Result:
    observer = observation.running_observer(runs_directory)
    if observer is None:
        return {"changed": False, "run_folder": ""}
    observation.stop(observer)
    evidence = read_evidence(observer.folder, observer.scenario)
    return {
        "changed": True,
        "run_folder": observer.run_folder,
        "requests": len(evidence.replies),
        "success_share": success_share(evidence.replies),
        "schedule": schedule(evidence.replies, evidence.missed),
    }


def act(options: dict[str, Any], environment: dict[str, str]) -> Result:
    runs_directory = Path(options["runs_directory"])
    state = options["state"]
    if state == "started":
        return started(options, runs_directory, environment)
    if state == "stopped":
        return stopped(runs_directory)
    observer = observation.running_observer(runs_directory)
    if observer is None:
        raise observation.ObservationError(
            f"no observation is running in {runs_directory}: none was started, or its time is over"
        )
    return marked(observer, options) if state == "marked" else awaited(observer, options)


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        if self._task.check_mode:
            return {"changed": options["state"] != "awaited", "run_folder": ""}
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        try:
            return act(options, environment)
        except (observation.ObservationError, ClaimError) as error:
            raise AnsibleActionFail(str(error)) from error
