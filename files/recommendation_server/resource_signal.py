"""Tells CloudFormation that this instance serves, or that it does not.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
"""

import functools
import time
from typing import Any

import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from . import config
from .identity import UNKNOWN, Identity
from .log import event

_WAIT_SECONDS = 240
_POLL_SECONDS = 0.2


def signal_resource(stack: str, resource: str, target_group: str | None) -> int:
    """Waits until the server is healthy, and its target too, then signals. Returns the exit status.

    It runs on each instance's first boot, also when Auto Scaling replaces one and nobody waits
    for a signal: that CloudFormation refuses it then is no failure.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    identity = Identity()
    serving = False
    while time.monotonic() < deadline and not serving:
        time.sleep(_POLL_SECONDS)
        identity.refresh()
        if _is_healthy() and identity.known["region"] != UNKNOWN:
            serving = target_group is None or _is_healthy_target(identity, target_group)
    status = "SUCCESS" if serving else "FAILURE"
    error = None
    try:
        _client("cloudformation", identity.known["region"]).signal_resource(
            StackName=stack,
            LogicalResourceId=resource,
            UniqueId=identity.known["instance_id"],
            Status=status,
        )
    except (BotoCoreError, ClientError) as refusal:
        error = str(refusal)
    event("signal", {"status": status, "error": error})
    return 0 if serving else 1


def _is_healthy() -> bool:
    url = f"http://127.0.0.1:{config.PORT}/healthcheck"
    try:
        return urllib3.request("GET", url, timeout=2, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False  # not listening yet


def _is_healthy_target(identity: Identity, target_group: str) -> bool:
    """The load balancer's word: until it counts on this instance, no other one may go."""
    try:
        found = _client("elbv2", identity.known["region"]).describe_target_health(
            TargetGroupArn=target_group
        )
    except (BotoCoreError, ClientError):
        _client.cache_clear()  # a client without credentials would never find any
        return False
    return any(
        target["Target"]["Id"] == identity.known["instance_id"]
        and target["TargetHealth"]["State"] == "healthy"
        for target in found["TargetHealthDescriptions"]
    )


@functools.cache
def _client(service: str, region: str) -> Any:
    return Session().create_client(service, region)
