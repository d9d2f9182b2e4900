"""What Envoy counted, in the load balancer's terms. Pure, but for the reading of the statistics.

Envoy charges a cluster with the answers that it gives itself, as 5xx, and names each cause:
"Cluster manager: Statistics" in Envoy's documentation. What the causes do not explain came from the
targets. A response that a target breaks off counts as one that it did not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.contract.desired_state import DesiredState
from local_aws.contract.traffic import TargetGroupTraffic, Traffic
from local_aws.load_balancing.names import cluster_name, listener_name

COUNTERS = (
    r"^cluster\.[^.]*\.(upstream_rq_([2345]xx|total|pending_failure_eject|time)"
    r"|upstream_cx_(none_healthy|protocol_error|destroy_remote_with_active_rq))$"
    r"|^http\.[^.]*\.downstream_rq_[2345]xx$"
)
"""The names of the statistics that `traffic` reads."""

_OWN_ANSWERS = (
    "upstream_rq_pending_failure_eject",  # the connection was refused, or took too long
    "upstream_cx_destroy_remote_with_active_rq",  # it was closed before the answer
    "upstream_cx_protocol_error",  # the answer was no HTTP
    "upstream_cx_none_healthy",  # there is no target
)
_CLASSES = (2, 3, 4, 5)
_MILLISECONDS = 1000.0


def traffic(stats: Mapping[str, Any], desired: DesiredState) -> Traffic:
    """Read Envoy's /stats?format=json&histogram_buckets=detailed."""
    counters: dict[str, int] = {}
    times: Mapping[str, Mapping[float, int]] = {}
    for row in stats.get("stats", ()):
        if "name" in row:
            counters[row["name"]] = int(row["value"])
        elif "histograms" in row:
            times = {each["name"]: _seconds(each) for each in row["histograms"]["details"]}
    return Traffic(
        {
            group.arn: _target_group(f"cluster.{cluster_name(group.arn)}", counters, times)
            for group in desired.target_groups
        },
        {
            listener.arn: {
                digit: counters.get(
                    f"http.{listener_name(listener.arn)}.downstream_rq_{digit}xx", 0
                )
                for digit in _CLASSES
            }
            for balancer in desired.load_balancers
            for listener in balancer.listeners
        },
    )


def _target_group(
    cluster: str, counters: Mapping[str, int], times: Mapping[str, Mapping[float, int]]
) -> TargetGroupTraffic:
    def count(name: str) -> int:
        return counters.get(f"{cluster}.{name}", 0)

    answers = {digit: count(f"upstream_rq_{digit}xx") for digit in _CLASSES}
    answers[5] = max(0, answers[5] - sum(count(name) for name in _OWN_ANSWERS))
    return TargetGroupTraffic(
        requests=count("upstream_rq_total") + count("upstream_rq_pending_failure_eject"),
        answers=answers,
        response_seconds=times.get(f"{cluster}.upstream_rq_time", {}),
    )


def _seconds(histogram: Mapping[str, Any]) -> Mapping[float, int]:
    """Each bucket's middle; below 100 ms a bucket is one millisecond, which Envoy counts in."""
    return {_middle(bucket) / _MILLISECONDS: int(bucket["count"]) for bucket in histogram["totals"]}


def _middle(bucket: Mapping[str, Any]) -> float:
    width = float(bucket["width"])
    return float(bucket["lower_bound"]) + (width / 2 if width > 1 else 0.0)
