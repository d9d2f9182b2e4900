"""The fact `preflight`: what roles that change something require, and how long it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from evidence.record.processes import ProcessIdentity
from safeguards.operator_lock import OperatorLock
from safeguards.purposes import Purpose

Fact = dict[str, Any]


def fact_of(
    purpose: Purpose,
    found: Mapping[str, Any],
    backend: str,
    region: str,
    lock: OperatorLock | None,
    *,
    only_plan: bool,
) -> Fact:
    """library/preflight.py documents it; `found` is what the module service_preflight returns."""
    return {
        "backend": backend,
        "account": found["caller"]["account"],
        "region": region,
        "caller": found["caller"]["arn"],
        "stack": {**found["stack"], "ownership": found["ownership"]},
        "resources": found["resources"],
        "instances": found["instances"],
        "playbook": purpose.playbook,
        "plan": only_plan,
        "lock": lock and asdict(lock),
    }


def still_holds(before: Mapping[str, Any], process: ProcessIdentity, playbook: str) -> bool:
    """Whether this process has checked all before and still holds the lock.

    `before` is the fact. So the playbooks of a demonstration check once. After a deployment the
    stack is known again (service_stack/tasks/outputs.yml); after a removal it is not.
    """
    lock = before.get("lock") or {}
    return (
        (lock.get("pid"), lock.get("started_at")) == (process.pid, process.started_at)
        and before["playbook"] != "destroy"
        and "TGArn" in before["stack"]["outputs"]
        and playbook != "status"
    )
