"""Whether what an earlier playbook of the same ansible-playbook has checked need not be again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.record.processes import ProcessIdentity


def still_holds(before: Mapping[str, Any], process: ProcessIdentity, playbook: str) -> bool:
    """Whether this process has checked all before and still holds the lock.

    `before` is the fact `preflight`. So the playbooks of a demonstration check once. After a
    deployment the stack is known again (service_stack/tasks/outputs.yml); after a removal it is
    not.
    """
    lock = before.get("lock") or {}
    return (
        (lock.get("pid"), lock.get("started_at")) == (process.pid, process.started_at)
        and before["playbook"] != "destroy"
        and "TGArn" in before["stack"]["outputs"]
        and playbook != "status"
    )
