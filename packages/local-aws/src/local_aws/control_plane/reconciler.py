"""One turn of the control plane: what the data plane reports moves moto's state on."""

from __future__ import annotations

import time

from local_aws.contract.facts import Facts
from local_aws.control_plane import late_views
from local_aws.control_plane.auto_scaling import reconciler as auto_scaling
from local_aws.control_plane.cloudwatch import evaluation as cloudwatch
from local_aws.control_plane.cloudwatch import measuring
from local_aws.control_plane.ec2.instances import instance_states
from local_aws.control_plane.elb import instances as classic_instances
from local_aws.control_plane.elbv2 import targets
from local_aws.control_plane.load_balancer_logs.delivery import Delivery
from local_aws.control_plane.sqs import move_tasks

_access_logs = Delivery()


def read_ahead(facts: Facts) -> None:
    """Read what the next turn needs, and what takes long. Call it without LOCK."""
    now = time.time()
    measuring.read_each_minute(now)
    _access_logs.read_if_due(facts, now)


def reconcile(facts: Facts) -> None:
    """Advance instances, targets, groups and move tasks by what `facts` and the clock say.

    Call it under LOCK, after `read_ahead`, each 100 ms or when woken. A turn with nothing to do is
    cheap.
    """
    now = time.time()
    late_views.look()
    instance_states.advance(facts, now)
    targets.advance(now)
    _access_logs.write(now)
    classic_instances.advance()
    cloudwatch.reconcile(now)
    move_tasks.advance(now)
    auto_scaling.reconcile(facts, now)


def settle(facts: Facts) -> None:
    """Bring into the state what is still on its way to it, before it is saved. Call it under LOCK.

    It can take half a second.
    """
    now = time.time()
    _access_logs.read(facts, now)
    _access_logs.write(now)
