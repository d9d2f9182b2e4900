"""Tells CloudFormation that this instance serves, or that it does not.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
"""

import time

import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from . import config
from .identity import UNKNOWN, Identity
from .log import event

_WAIT_SECONDS = 120
_POLL_SECONDS = 0.1


def signal_resource(stack: str, resource: str) -> int:
    """Waits for the server's health check, then signals. Returns the exit status.

    It runs on later boots too, when nobody waits for a signal: that CloudFormation refuses it
    then is no failure.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    identity = Identity()
    healthy = False
    while time.monotonic() < deadline and not (healthy and identity.known["region"] != UNKNOWN):
        time.sleep(_POLL_SECONDS)
        identity.refresh()
        healthy = _is_healthy()
    status = "SUCCESS" if healthy else "FAILURE"
    error = None
    try:
        client = Session().create_client("cloudformation", identity.known["region"])
        client.signal_resource(
            StackName=stack,
            LogicalResourceId=resource,
            UniqueId=identity.known["instance_id"],
            Status=status,
        )
    except (BotoCoreError, ClientError) as refusal:
        error = str(refusal)
    event("signal", {"status": status, "error": error})
    return 0 if healthy else 1


def _is_healthy() -> bool:
    url = f"http://127.0.0.1:{config.PORT}/healthcheck"
    try:
        return urllib3.request("GET", url, timeout=2, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False  # not listening yet
