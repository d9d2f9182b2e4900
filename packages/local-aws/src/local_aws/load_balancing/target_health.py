"""The health of a target that is used, from what Envoy sees. Pure.

States, reason codes and texts: "Target health status" and "Health check reason codes" in the
Application Load Balancer guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_aws.contract.facts import TargetHealth
from local_aws.load_balancing.targets import Address

HEALTHY = TargetHealth("healthy")
REGISTERING = TargetHealth(
    "initial", "Elb.RegistrationInProgress", "Target registration is in progress"
)
CHECKING = TargetHealth("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
DISABLED = TargetHealth("unavailable", "Target.HealthCheckDisabled", "Health checks are disabled")
UNKNOWN = TargetHealth(
    "unavailable", "Elb.InternalError", "Target health is unavailable due to an internal error"
)
TIMED_OUT = TargetHealth("unhealthy", "Target.Timeout", "Request timed out")
FAILED = TargetHealth("unhealthy", "Target.FailedHealthChecks", "Health checks failed")


def unknown(health: TargetHealth) -> TargetHealth:
    """What can be said of a target while the load balancer itself has failed.

    A state that its checks gave is not known any more; one that was commanded still is.
    """
    return UNKNOWN if health.state in {"initial", "healthy", "unhealthy"} else health


@dataclass(frozen=True)
class FailedCheck:
    """A failed health check, from Envoy's log. `status` is set when the target did answer."""

    timed_out: bool
    status: int | None

    @property
    def health(self) -> TargetHealth:
        """The health of a target that fails so."""
        if self.status is not None:
            text = f"Health checks failed with these codes: [{self.status}]"
            return TargetHealth("unhealthy", "Target.ResponseCodeMismatch", text)
        return TIMED_OUT if self.timed_out else FAILED


@dataclass
class CheckHistory:
    """A target's checks since it was registered; `failed_at` is Unix time.

    `last_failure` is the latest since the target became healthy: what it failed by before says
    nothing about the next time.
    """

    was_healthy: bool = False
    failures: int = 0
    last_failure: FailedCheck | None = None
    failed_at: float = 0.0
    is_healthy: bool = False

    def note(self, health: TargetHealth) -> None:
        """Take note of how the target has been judged."""
        is_healthy = health == HEALTHY
        if is_healthy and not self.is_healthy:
            self.was_healthy = True
            self.last_failure = None
        self.is_healthy = is_healthy


@dataclass(frozen=True)
class HostHealth:
    """A host as Envoy sees it now. `pending`: no check has a result yet."""

    healthy: bool
    pending: bool


def hosts(clusters: dict[str, Any]) -> dict[tuple[str, Address], HostHealth]:
    """Read Envoy's /clusters?format=json: the health of each host by (cluster name, address)."""
    found = {}
    for cluster in clusters.get("cluster_statuses", ()):
        for host in cluster.get("host_statuses", ()):
            address = host["address"]["socket_address"]
            flags = host.get("health_status", {})
            found[cluster["name"], (address["address"], address["port_value"])] = HostHealth(
                healthy=not flags.get("failed_active_health_check", False)
                and flags.get("eds_health_status", "HEALTHY") == "HEALTHY",
                pending=flags.get("pending_active_hc", False),
            )
    return found


def judge(host: HostHealth | None, history: CheckHistory, unhealthy_threshold: int) -> TargetHealth:
    """The health of a registered target that is checked. `host` is None until Envoy knows it.

    A target that has never been healthy is initial until it has failed as often as the threshold
    says; one that has been is unhealthy as soon as Envoy takes it out.
    """
    if host is None:
        return CHECKING if history.failures else REGISTERING
    if host.healthy and not host.pending:
        return HEALTHY
    failure = history.last_failure
    if failure is None:
        if host.pending:
            return REGISTERING
        # The log, which has the reason, is up to 0.1 s behind.
        return HEALTHY if history.was_healthy else CHECKING
    if history.was_healthy or history.failures >= unhealthy_threshold:
        return failure.health
    return CHECKING
