"""Which targets are registered, and what their health checks gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from local_aws.contract.desired_state import DesiredState, HealthCheck
from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.load_balancing import target_health
from local_aws.load_balancing.health_log import FailureEvent
from local_aws.load_balancing.names import cluster_name
from local_aws.load_balancing.target_health import CheckHistory, HostHealth
from local_aws.load_balancing.targets import Address, PlacedTarget


@dataclass
class _Registration:
    target: PlacedTarget
    since: float
    check: HealthCheck
    history: CheckHistory = field(default_factory=CheckHistory)

    @property
    def has_only_failed(self) -> bool:
        """Still initial: never healthy, and not yet failed as often as the threshold says."""
        failures = self.history.failures
        return not self.history.was_healthy and 0 < failures < self.check.unhealthy_threshold


class Registrations:
    """Times are Unix times, given by the caller."""

    def __init__(self) -> None:
        self._registered: dict[TargetKey, _Registration] = {}

    def update(self, desired: DesiredState, placed: Iterable[PlacedTarget], now: float) -> None:
        """Take over what is registered now."""
        checks = {group.arn: group.health_check for group in desired.target_groups}
        before, self._registered = self._registered, {}
        for target in placed:
            known = before.get(target.key)
            # A target at another address starts again, as a newly registered one does.
            keeps = known is not None and known.target.address == target.address
            self._registered[target.key] = _Registration(
                target,
                known.since if known is not None and keeps else now,
                checks[target.key.target_group_arn],
                known.history if known is not None and keeps else CheckHistory(),
            )

    def note_failures(self, failures: Iterable[FailureEvent]) -> None:
        """Count failed checks for the targets at their addresses, since these were registered."""
        by_host: dict[tuple[str, Address | None], list[_Registration]] = {}
        for registration in self._registered.values():
            host = (
                cluster_name(registration.target.key.target_group_arn),
                registration.target.address,
            )
            by_host.setdefault(host, []).append(registration)
        for failure in failures:
            for registration in by_host.get((failure.cluster, failure.address), ()):
                if failure.at >= registration.since:
                    registration.history.failures += 1
                    registration.history.last_failure = failure.check
                    registration.history.failed_at = failure.at

    def unchecked(self, now: float) -> frozenset[TargetKey]:
        """Targets that Envoy must not check between a failed check and the next one.

        ALB takes a new target in after one pass. Envoy does so only at a host's first check, and a
        target that is still booting fails that one; so its checks are switched off, and on again
        when the next one is due: to Envoy that is a new host. Unchecked it is unhealthy, not gone:
        with no healthy target at all it takes its share of the requests, as on AWS.
        """
        return frozenset(
            key
            for key, registration in self._registered.items()
            if registration.has_only_failed
            and now < registration.history.failed_at + registration.check.interval_seconds
        )

    def judge(
        self, hosts: Mapping[tuple[str, Address], HostHealth]
    ) -> dict[TargetKey, TargetHealth]:
        """The health of every registered target."""
        health = {}
        for key, registration in self._registered.items():
            health[key] = self._judge_one(registration, hosts)
            registration.history.note(health[key])
        return health

    @staticmethod
    def _judge_one(
        registration: _Registration, hosts: Mapping[tuple[str, Address], HostHealth]
    ) -> TargetHealth:
        target = registration.target
        if not target.on_this_machine:
            return target_health.TIMED_OUT
        if not registration.check.enabled:
            return target_health.DISABLED
        host = None
        if target.address is not None:
            host = hosts.get((cluster_name(target.key.target_group_arn), target.address))
        return target_health.judge(
            host, registration.history, registration.check.unhealthy_threshold
        )
