"""CloudWatch: metrics that are measured here or put by clients, and alarms that act.

api/                      the API's calls
statistics.py             statistics of the values in a span of time
metric_store.py           measured values, and how long they are kept
measuring.py              where AWS's own metrics come from, and when
load_balancer_metrics.py  those of load balancers and target groups
alarm_rule.py             which state datapoints lead to: pure decisions
alarm_reasons.py          the reasons of states, in AWS's words
alarm_notes.py            an alarm's history
alarm_state.py            a change of state, and who is notified
alarm_actions.py          the actions that an alarm then executes
evaluation.py             one turn: measure, evaluate, act
"""

from __future__ import annotations

from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.cloudwatch.api import (
    alarm_histories,
    alarms,
    dashboards,
    get_metric_data,
    metrics,
    pages,
    put_metric_data,
)
from local_aws.control_plane.cloudwatch.load_balancer_metrics import LoadBalancerMetrics
from local_aws.control_plane.cloudwatch.measuring import Source

_API = (alarm_histories, alarms, dashboards, get_metric_data, metrics, put_metric_data, pages)


def install() -> None:
    """Install the corrections of CloudWatch into moto."""
    for corrections in _API:
        corrections.install()
    load_balancers = LoadBalancerMetrics()
    measuring.register(Source(load_balancers.measure, load_balancers.read))
