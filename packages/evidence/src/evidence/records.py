"""The types of what is recorded, and their form as lines of JSON; from `record/`."""

from evidence.record.reply import KINDS, Kind, Reply, reply_from_json, reply_to_json
from evidence.record.samples import (
    LOAD_BALANCER_ERROR,
    Activity,
    GroupInstance,
    GroupSample,
    HealthCheckSettings,
    MachineSample,
    Sample,
    SamplingError,
    StackSample,
    TargetHealthSample,
    TargetState,
    sample_from_json,
    sample_to_json,
)

__all__ = [
    "KINDS",
    "LOAD_BALANCER_ERROR",
    "Activity",
    "GroupInstance",
    "GroupSample",
    "HealthCheckSettings",
    "Kind",
    "MachineSample",
    "Reply",
    "Sample",
    "SamplingError",
    "StackSample",
    "TargetHealthSample",
    "TargetState",
    "reply_from_json",
    "reply_to_json",
    "sample_from_json",
    "sample_to_json",
]
