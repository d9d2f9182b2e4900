"""AWS/ApplicationELB: what the load balancers' traffic and health checks give as metrics.

The local load balancer is one node, in the first of its zones: traffic counts there. Hosts count in
the zone that they are in. What is zero is not reported, as on AWS, but for the hosts.
Source: "CloudWatch metrics for your Application Load Balancer" in its User Guide.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer, FakeTargetGroup, elbv2_backends

from local_aws.contract.traffic import TargetGroupTraffic, Traffic
from local_aws.control_plane import moto_seams, wiring
from local_aws.control_plane.cloudwatch.measuring import Measurement
from local_aws.control_plane.cloudwatch.metric_store import Metric
from local_aws.control_plane.cloudwatch.statistics import Datum
from local_aws.control_plane.elbv2 import target_health
from local_aws.control_plane.elbv2.targets import registered

NAMESPACE = "AWS/ApplicationELB"
_CLASSES = (2, 3, 4, 5)
_OWN_CLASSES = (3, 4, 5)  # AWS: the load balancer's own answers are no successes

_Key = TypeVar("_Key", int, float)

Values = Mapping[tuple[str, str], Datum]
"""By metric name and unit."""


class LoadBalancerMetrics:
    """Remembers what was counted at the last look, so that the next one sees what came since."""

    def __init__(self) -> None:
        self._target_groups: dict[str, TargetGroupTraffic] = {}
        self._listeners: dict[str, Mapping[int, int]] = {}
        self._traffic = Traffic()
        self._reading = threading.Lock()  # an older count never takes the place of a newer one

    def read(self) -> None:
        """Read what the load balancers have counted; without one nothing is read."""
        if any(each.load_balancers for each in moto_seams.backends_in_use(elbv2_backends)):
            with self._reading:
                self._traffic = wiring.current().facts.read_traffic()

    def measure(self) -> Iterator[Measurement]:
        """What was counted between the last call and the last reading."""
        backends = list(moto_seams.backends_in_use(elbv2_backends))
        traffic = self._traffic
        groups = {
            arn: _since(self._target_groups.get(arn), now)
            for arn, now in traffic.target_groups.items()
        }
        listeners = {
            arn: _grown(self._listeners.get(arn, {}), now) for arn, now in traffic.listeners.items()
        }
        if traffic.listeners:  # else it did not answer
            self._target_groups = dict(traffic.target_groups)
            self._listeners = dict(traffic.listeners)
        for backend in backends:
            for balancer in backend.load_balancers.values():
                yield from _balancer(backend, balancer, groups, listeners)


def _balancer(
    backend: ELBv2Backend,
    balancer: FakeLoadBalancer,
    groups: Mapping[str, TargetGroupTraffic],
    listeners: Mapping[str, Mapping[int, int]],
) -> Iterator[Measurement]:
    name = {"LoadBalancer": balancer.arn.partition(":loadbalancer/")[2]}
    zone = {"AvailabilityZone": min(subnet.availability_zone for subnet in balancer.subnets)}
    used = [
        group
        for group in backend.target_groups.values()
        if balancer.arn in group.load_balancer_arns
    ]
    total = Counter[int]()
    for group in used:
        traffic = groups.get(group.arn, TargetGroupTraffic())
        total.update(traffic.answers)
        in_group = {"TargetGroup": group.arn.rpartition(":")[2]}
        for values in (name, {**name, **zone}, {**name, **in_group}, {**name, **zone, **in_group}):
            yield from _measured(backend, values, _traffic(traffic))
        hosts = _hosts(group)
        per_target = _per_target(traffic, sum(hosts["healthy"].values()) or len(registered(group)))
        for values in (in_group, {**name, **in_group}):
            yield from _measured(backend, values, per_target)
        if group.health_check_enabled:
            yield from _hosts_measured(backend, {**name, **in_group}, hosts)
    answered = Counter[int]()
    for arn in balancer.listeners:
        answered.update(listeners.get(arn, {}))
    own = {
        (f"HTTPCode_ELB_{digit}XX_Count", "Count"): _ones(answered[digit] - total[digit])
        for digit in _OWN_CLASSES
    }
    for values in (name, {**name, **zone}):
        yield from _measured(backend, values, own)


def _traffic(traffic: TargetGroupTraffic) -> Values:
    return {
        ("RequestCount", "Count"): _ones(traffic.requests),
        **{
            (f"HTTPCode_Target_{digit}XX_Count", "Count"): _ones(traffic.answers.get(digit, 0))
            for digit in _CLASSES
        },
        ("TargetResponseTime", "Seconds"): Datum.of(
            {seconds: float(count) for seconds, count in traffic.response_seconds.items()}
        ),
    }


def _per_target(traffic: TargetGroupTraffic, targets: int) -> Values:
    """AWS: its only statistic is Sum, and that is the average of the targets."""
    if not traffic.requests or not targets:
        return {}
    average = traffic.requests / targets
    return {("RequestCountPerTarget", "None"): Datum.of_set(1, average, average, average)}


def _hosts(group: FakeTargetGroup) -> dict[str, Counter[str]]:
    """How many targets are healthy and unhealthy, by zone."""
    zones = {
        key: instance.availability_zone or ""
        for reservation in group.ec2_backend.reservations.values()
        for instance in reservation.instances
        for key in (instance.id, instance.private_ip)
    }
    found = {"healthy": Counter[str](), "unhealthy": Counter[str]()}
    for key, health in target_health.of_registered(group).items():
        if health.state in found:
            found[health.state][zones.get(key.target_id, "")] += 1
    return found


def _hosts_measured(
    backend: ELBv2Backend, dimensions: Mapping[str, str], hosts: Mapping[str, Counter[str]]
) -> Iterator[Measurement]:
    zones = sorted({*hosts["healthy"], *hosts["unhealthy"]} - {""})
    places: list[tuple[str | None, Mapping[str, str]]] = [(None, dimensions)]
    places += [(zone, {**dimensions, "AvailabilityZone": zone}) for zone in zones]
    for zone, values in places:
        counts = {
            state: by_zone.total() if zone is None else by_zone[zone]
            for state, by_zone in hosts.items()
        }
        named = {
            ("HealthyHostCount", "Count"): Datum.of({float(counts["healthy"]): 1.0}),
            ("UnHealthyHostCount", "Count"): Datum.of({float(counts["unhealthy"]): 1.0}),
        }
        yield from _measured(backend, values, named)


def _measured(
    backend: ELBv2Backend, dimensions: Mapping[str, str], values: Values
) -> Iterator[Measurement]:
    for (name, unit), datum in values.items():
        if datum.sample_count:
            metric = Metric.of(NAMESPACE, name, dimensions)
            yield Measurement(backend.account_id, backend.region_name, metric, unit, datum)


def _ones(count: int) -> Datum:
    """AWS: each request is one sample, of value 1."""
    return Datum.of({1.0: float(max(0, count))})


def _since(before: TargetGroupTraffic | None, now: TargetGroupTraffic) -> TargetGroupTraffic:
    """What came since; all of it when the counters began again."""
    if before is None or now.requests < before.requests:
        return now
    return TargetGroupTraffic(
        now.requests - before.requests,
        _grown(before.answers, now.answers),
        _grown(before.response_seconds, now.response_seconds),
    )


def _grown(before: Mapping[_Key, int], now: Mapping[_Key, int]) -> dict[_Key, int]:
    if any(now.get(key, 0) < count for key, count in before.items()):
        return dict(now)  # the counters began again
    return {key: count - before.get(key, 0) for key, count in now.items()}
