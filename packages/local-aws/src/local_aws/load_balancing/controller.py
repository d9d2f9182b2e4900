"""Makes Envoy do what the control plane's load balancers, listeners and target groups say.

load_balancing/xds/                 Envoy's configuration (xds.py)
load_balancing/health_checks.jsonl  every failed check (health_log.py)
load_balancing/envoy.log            what Envoy says
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path

from local_aws.contract.desired_state import DesiredState
from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.host.process_table import ProcessTable
from local_aws.load_balancing import xds
from local_aws.load_balancing.envoy import XDS, Envoy
from local_aws.load_balancing.health_log import HealthLog
from local_aws.load_balancing.registrations import Registrations
from local_aws.load_balancing.target_health import hosts, unknown
from local_aws.load_balancing.targets import Address, place
from local_aws.load_balancing.xds_directory import XdsDirectory

_APPLY_SECONDS = 2.0
_FAILED_SECONDS = 1.0
"""An Envoy that has ended or hung is reported for so long, although it is back sooner: it has
checked nobody meanwhile, and whoever reads target health each second learns of it."""


class LoadBalancing:
    """Not thread-safe: one thread calls it."""

    def __init__(self, state_directory: Path) -> None:
        """Starts Envoy. Raises EnvoyMissingError when there is none, EnvoyError when it fails."""
        directory = state_directory / "load_balancing"
        self._envoy = Envoy(directory, ProcessTable(state_directory))
        self._xds = XdsDirectory(directory / XDS)
        self._clusters: dict[str, xds.Resource] = {}
        self._health_log = HealthLog(directory / XDS / xds.HEALTH_LOG)
        self._registrations = Registrations()
        self._inputs: tuple[object, ...] = ()
        self._health: Mapping[TargetKey, TargetHealth] = {}
        self._failed_at = -math.inf
        empty = xds.configuration(DesiredState(), (), (), XDS)
        self._xds.write([xds.clusters_file([]), empty.listeners])
        self._envoy.start()

    @property
    def envoy_pid(self) -> int | None:
        """The pid of the Envoy that runs now; None while there is none."""
        return self._envoy.pid

    @property
    def refusal(self) -> str | None:
        """What Envoy says about a configuration that it does not take; None when it takes all."""
        return self._xds.refusal

    def reconcile(self, desired: DesiredState, addresses: Mapping[str, Address]) -> None:
        """Carry out a desired state; `addresses` is where each instance serves, by id.

        Returns when Envoy has applied it (some milliseconds; what it does not apply within 2 s is
        logged as an error). So a target that is gone from the desired state gets no new request
        once this returns, and its process may be ended: call it before `Compute.reconcile`.
        """
        if self._envoy.restart_if_ended():
            self._failed_at = time.monotonic()
        unchecked = self._registrations.unchecked(time.time())
        inputs = (desired, dict(addresses), unchecked)
        if inputs == self._inputs:
            return
        placed = place(desired, addresses)
        self._registrations.update(desired, placed, time.time())
        self._apply(xds.configuration(desired, placed, unchecked, XDS))
        self._inputs = inputs

    def target_health(self) -> Mapping[TargetKey, TargetHealth]:
        """Every target's health. Costs a millisecond: Envoy is asked."""
        try:
            clusters = self._envoy.admin.clusters()
        except OSError:  # it hangs, or has ended; then the next `reconcile` starts it again
            self._failed_at = time.monotonic()
        else:
            self._registrations.note_failures(self._health_log.new_failures())
            self._health = self._registrations.judge(hosts(clusters))
        if time.monotonic() - self._failed_at < _FAILED_SECONDS:
            return {key: unknown(health) for key, health in self._health.items()}
        return self._health

    def stop(self) -> None:
        """End Envoy; returns when it is gone."""
        self._envoy.stop()

    def _apply(self, wanted: xds.Configuration) -> None:
        """Make before break: new clusters exist before a route names them, old ones stay until
        no route does."""
        both = {**self._clusters, **wanted.clusters}
        clusters = [*wanted.endpoints.values(), xds.clusters_file(both.values())]
        routes = [*wanted.routes.values(), wanted.listeners]
        last = [xds.clusters_file(wanted.clusters.values())]
        for step in (clusters, routes, last):
            self._xds.apply(step, self._envoy, _APPLY_SECONDS)
        self._clusters = wanted.clusters
        kept = {file.name for step in (clusters, routes) for file in step}
        self._xds.remove(self._xds.names - kept)
