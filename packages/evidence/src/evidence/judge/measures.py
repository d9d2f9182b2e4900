"""The closed list of what a claim can measure, and what each measure means.

A measure gives one value or, for what is sampled, one for each sample; the bound must hold for all.
"""

from __future__ import annotations

from evidence.judge import reply_measures as replies
from evidence.judge import sample_measures as samples
from evidence.judge.measure import Measure

_WHERE = ("where",)
_AMONG = ("among",)
_INSTANCE = ("instance",)

_ALL = (
    Measure(
        "share",
        "replies that match `where`, as a share of all, or of those that match `among`",
        replies.share,
        options=("where", "among"),
        required=_WHERE,
        unit="%",
        counts=replies.matching,
    ),
    Measure(
        "count",
        "replies that match `where`",
        replies.count,
        options=_WHERE,
        required=_WHERE,
        counts=replies.matching,
    ),
    Measure(
        "held_count",
        "held requests whose replies match `where`; no other measure counts them",
        replies.held_count,
        options=_WHERE,
        required=_WHERE,
        rests_on="held",
        counts=replies.held_matching,
    ),
    Measure(
        "smallest_instance_share",
        "the share of replies from the instance that gave the fewest, of all that are healthy",
        replies.smallest_instance_share,
        unit="%",
    ),
    Measure(
        "instances_seen",
        "different instances that replied",
        replies.instances_seen,
        options=_AMONG,
    ),
    *(
        Measure(
            f"latency_p{percent}_ms",
            f"what {percent} of 100 latencies, from the scheduled time, do not exceed",
            replies.latency(percent),
            options=_AMONG,
            unit="ms",
        )
        for percent in (50, 95, 99)
    ),
    Measure(
        "latency_max_ms",
        "the greatest latency, from the scheduled time",
        replies.latency(100),
        options=_AMONG,
        unit="ms",
    ),
    Measure(
        "replies_before_healthy",
        "replies from new instances before the load balancer had found them healthy",
        replies.replies_before_healthy,
        options=("lag_seconds",),
        looks_back=True,
    ),
    *(
        Measure(
            f"{state}_targets",
            f"targets that are {state}",
            samples.targets_in(state),
            rests_on="target_health",
        )
        for state in ("healthy", "unhealthy")
    ),
    Measure(
        "healthy_zones",
        "Availability Zones with a healthy target",
        samples.healthy_availability_zones,
        rests_on="target_health",
    ),
    Measure(
        "target_state",
        'the state of the target `instance`, or "not registered"',
        samples.target_text("state"),
        rests_on="target_health",
        options=_INSTANCE,
        required=_INSTANCE,
        is_text=True,
    ),
    Measure(
        "target_reason",
        'the reason code of the target `instance`, or "not registered"',
        samples.target_text("reason"),
        rests_on="target_health",
        options=_INSTANCE,
        required=_INSTANCE,
        is_text=True,
    ),
    Measure(
        "in_service_instances",
        "instances that the Auto Scaling group has in service",
        samples.in_service,
        rests_on="group",
    ),
    Measure(
        "surviving_instances",
        "instances of the start (or `instance` alone) that are still in the group at the end",
        samples.surviving,
        rests_on="group",
        options=_INSTANCE,
        looks_back=True,
    ),
    Measure(
        "new_instances",
        "instances in the group at the end that were not there at the start",
        samples.new,
        rests_on="group",
        looks_back=True,
    ),
    Measure(
        "seconds_to_detect",
        "from the fault to the first sample with `instance` not healthy, or with any unhealthy",
        samples.seconds_to_detect,
        rests_on="target_health",
        options=_INSTANCE,
        unit="s",
        looks_back=True,
    ),
    Measure(
        "seconds_to_drain",
        "from the fault to the last request that `instance` got before it was healthy again",
        samples.seconds_to_drain,
        options=_INSTANCE,
        required=_INSTANCE,
        unit="s",
        looks_back=True,
    ),
    Measure(
        "seconds_to_recover",
        "from the fault to all targets being healthy again for good, once one was unhealthy",
        samples.seconds_to_recover,
        rests_on="target_health",
        unit="s",
        looks_back=True,
    ),
    Measure(
        "seconds_to_restore",
        "from the moment at which restoring begins to the one since which the steady state is back",
        samples.seconds_to_restore,
        unit="s",
        looks_back=True,
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
