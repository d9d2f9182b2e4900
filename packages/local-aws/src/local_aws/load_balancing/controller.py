"""Configures Envoy for the control plane's load balancers, listeners and target groups.

load_balancing/xds/                     Envoy's configuration (xds.py)
load_balancing/xds/health_checks.jsonl  every failed check (health_log.py)
load_balancing/xds/requests.log         requests, for access logs (access_log_file.py)
load_balancing/envoy.log                what Envoy says
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from local_aws.contract.access_log import AccessLogEntry
from local_aws.contract.desired_state import DesiredState
from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.contract.traffic import Traffic
from local_aws.host import file_watches
from local_aws.host.connections import established_to
from local_aws.host.process_table import ProcessTable
from local_aws.load_balancing import xds
from local_aws.load_balancing.access_log_file import AccessLogFile
from local_aws.load_balancing.carried_out import without_what_is_new
from local_aws.load_balancing.clusters import Resource
from local_aws.load_balancing.envoy import XDS, Envoy
from local_aws.load_balancing.health_log import HealthLog
from local_aws.load_balancing.leaving import LeavingTargets
from local_aws.load_balancing.registrations import Registrations
from local_aws.load_balancing.target_health import hosts, unknown
from local_aws.load_balancing.targets import Address, place
from local_aws.load_balancing.traffic import COUNTERS, traffic
from local_aws.load_balancing.xds_directory import XdsDirectory

_APPLY_SECONDS = 2.0
_FAILED_SECONDS = 1.0
"""An Envoy that has ended or hung is reported for so long, although it is back sooner: it has
checked nobody meanwhile, and whoever reads target health each second learns of it."""

_LOG = logging.getLogger(__name__)


class LoadBalancing:
    """Not thread-safe: one thread calls it."""

    def __init__(self, state_directory: Path) -> None:
        """Starts Envoy. Raises EnvoyMissingError when there is none, EnvoyError when it fails."""
        directory = state_directory / "load_balancing"
        self._envoy = Envoy(directory, ProcessTable(state_directory))
        self._xds = XdsDirectory(directory / XDS)
        self._clusters: dict[str, Resource] = {}
        self._health_log = HealthLog(directory / XDS / xds.HEALTH_LOG)
        self._access_log = AccessLogFile(directory / XDS / xds.ACCESS_LOG, self._envoy.admin)
        self._registrations = Registrations()
        self._leaving = LeavingTargets(established_to)
        self._desired = self._carried_out = DesiredState()
        self._inputs: tuple[object, ...] = ()
        self._health: Mapping[TargetKey, TargetHealth] = {}
        self._failed_at = -math.inf
        self._shortage: str | None = None
        empty = xds.configuration(DesiredState(), (), (), XDS)
        self._xds.write([xds.clusters_file([]), empty.listeners])
        self._envoy.start()

    @property
    def envoy_pid(self) -> int | None:
        """The pid of the Envoy that runs now; None while there is none."""
        return self._envoy.pid

    @property
    def refusal(self) -> str | None:
        """Why Envoy does not do what was desired last, in one line; None when it does."""
        return self._shortage or self._xds.refusal

    def reconcile(self, desired: DesiredState, addresses: Mapping[str, Address]) -> None:
        """Carry out a desired state; `addresses` is where each instance serves, by id.

        Returns when Envoy has applied it (some milliseconds; what it does not apply within 2 s is
        logged as an error, and what it lacks the means for waits for the next call). So a
        target that is gone from the desired state gets no new request once this returns, and its
        process may be ended: call it before `Compute.reconcile`.
        """
        if self._envoy.restart_if_ended():
            self._failed_at = time.monotonic()
        unchecked = self._registrations.unchecked(time.time())
        inputs = (desired, dict(addresses), unchecked)
        if inputs == self._inputs:
            return
        self._desired = desired
        self._access_log.note(desired)
        placed = place(desired, addresses)
        self._registrations.update(desired, placed, time.time())
        wanted = xds.configuration(desired, placed, unchecked, XDS)
        is_lacking = self._lacks_watches(wanted)
        if is_lacking:
            desired = without_what_is_new(desired, self._carried_out)
            wanted = xds.configuration(desired, placed, unchecked, XDS)
        self._apply(wanted)
        self._carried_out = desired
        self._leaving.update(placed, time.monotonic())
        self._inputs = () if is_lacking else inputs

    def target_health(self) -> Mapping[TargetKey, TargetHealth]:
        """Every target's health, which takes a request to Envoy, a millisecond."""
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

    def traffic(self) -> Traffic:
        """What was counted since Envoy started; nothing while it does not answer. Threads may call
        it; the request to Envoy takes some milliseconds."""
        try:
            stats = self._envoy.admin.stats_with_histograms(COUNTERS)
        except OSError:
            return Traffic()
        return traffic(stats, self._desired)

    @property
    def access_log_bytes(self) -> int:
        """How much of the load balancers' access logs waits to be taken."""
        return self._access_log.size

    def take_access_log(self) -> Iterator[AccessLogEntry]:
        """The requests of load balancers with access logs since the last call, each once. It takes
        up to 0.4 s while there are such load balancers."""
        return self._access_log.take()

    def targets_in_use(self) -> frozenset[TargetKey]:
        """The targets that get requests, and those that left and are still answering some."""
        return self._leaving.in_use(time.monotonic())

    def stop(self) -> None:
        """End Envoy; returns when it is gone."""
        self._envoy.stop()

    def _lacks_watches(self, wanted: xds.Configuration) -> bool:
        """Whether Envoy lacks file watches: it would abort, and serve nobody any more."""
        names = {*wanted.endpoints, *wanted.secrets, *wanted.routes}
        shortage = file_watches.shortage(len(names - self._xds.names))
        if shortage and not self._shortage:
            _LOG.error("%s", shortage)
        self._shortage = shortage
        return shortage is not None

    def _apply(self, wanted: xds.Configuration) -> None:
        """Make before break: new clusters exist before a route names them, old ones stay until
        no route does."""
        both = {**self._clusters, **wanted.clusters}
        clusters = [*wanted.endpoints.values(), xds.clusters_file(both.values())]
        routes = [*wanted.secrets.values(), *wanted.routes.values(), wanted.listeners]
        last = [xds.clusters_file(wanted.clusters.values())]
        for step in (clusters, routes, last):
            self._xds.apply(step, self._envoy, _APPLY_SECONDS)
        self._clusters = wanted.clusters
        kept = {file.name for step in (clusters, routes) for file in step}
        self._xds.remove(self._xds.names - kept)
