"""How an operation deploys: its mode, and whether a failure is kept.

AWS: API_DeploymentConfig. The only mode here is STANDARD; the endpoint refuses the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import as_bool


@dataclass(frozen=True)
class DeploymentConfig:
    """The DeploymentConfig of a request, with AWS's defaults for what it leaves out."""

    mode: str = "STANDARD"
    disables_rollback: bool = False

    @staticmethod
    def of(given: Mapping[str, Any] | None) -> DeploymentConfig | None:
        """None for a request without one."""
        if not given:
            return None
        return DeploymentConfig(
            given.get("Mode") or "STANDARD", as_bool(given.get("DisableRollback", False))
        )

    @property
    def shown(self) -> dict[str, Any]:
        """As DescribeStacks and DescribeChangeSet have it."""
        return {"Mode": self.mode, "DisableRollback": self.disables_rollback}
