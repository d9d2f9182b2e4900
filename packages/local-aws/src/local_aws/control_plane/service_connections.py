"""How services are connected: what the endpoint calls of them, and what they call of those above.

A service imports only those that it rests on (the layers in pyproject.toml). What it calls of one
that rests on it is given to it here.
"""

from __future__ import annotations

from local_aws.control_plane import ec2, load_balancer_logs, s3
from local_aws.control_plane.auto_scaling.scaling import execution, group_metrics
from local_aws.control_plane.cloudformation import operations, stack_arns, template_source
from local_aws.control_plane.cloudformation.resource_types.management import wait_conditions
from local_aws.control_plane.cloudwatch import alarm_actions, measuring
from local_aws.control_plane.cloudwatch.api import metrics
from local_aws.control_plane.cloudwatch.measuring import Source
from local_aws.control_plane.dynamodb import tables
from local_aws.control_plane.ec2.api import catalogues
from local_aws.control_plane.iam.actions import request_arns
from local_aws.control_plane.route53 import request_documents
from local_aws.control_plane.secrets_manager import requests
from local_aws.control_plane.service_hooks import Hooks, ServiceHooks

HOOKS = Hooks(
    by_service={
        "cloudformation": ServiceHooks(
            prepare=template_source.read_ahead, after=operations.end_of_started
        ),
        "dynamodb": ServiceHooks(lock=tables.ITEMS_LOCK, needs_only_its_lock=tables.reads_items),
        "ec2": ServiceHooks(
            prepare=ec2.prepare,
            require=ec2.require,
            needs_only_its_lock=catalogues.is_read,
            cuts_pages=catalogues.is_read,
        ),
        "monitoring": ServiceHooks(prepare=metrics.read_ahead),
        "route53": ServiceHooks(require=request_documents.require_valid),
        "s3": ServiceHooks(require=s3.require),
        "secretsmanager": ServiceHooks(require=requests.require),
    },
    presigned={wait_conditions.PREFIX: wait_conditions.take},
)


def connect() -> None:
    """Give services what they call of those above them: once, before the first request."""
    load_balancer_logs.connect()
    request_arns.add_finder("cloudformation", stack_arns.arns_of)
    alarm_actions.register(alarm_actions.AUTO_SCALING, execution.on_alarm)
    measuring.register(Source(group_metrics.measure))
