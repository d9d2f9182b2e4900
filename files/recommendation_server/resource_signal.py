"""Tells CloudFormation that this instance serves, or that it does not.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
"""

from __future__ import annotations

import time

import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from recommendation_server.config import Config
from recommendation_server.identity import UNKNOWN, InstanceIdentity
from recommendation_server.log import event
from recommendation_server.state_file import StateFile

WAIT_SECONDS = 120.0
_POLL_SECONDS = 0.1


def signal_resource(config: Config, stack: str, resource: str) -> int:
    """Waits for the server's health check, then signals. Returns the exit status.

    Also runs on later boots, when nobody waits for the signal: that CloudFormation refuses it
    then is no failure.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    healthy = _wait_until_healthy(config.port, deadline)
    identity = InstanceIdentity(
        config.metadata_endpoint, StateFile(config.state_directory, "identity.json")
    )
    while UNKNOWN in (identity.current.instance_id, identity.current.region):
        identity.refresh()
        if time.monotonic() > deadline:
            event("signal not sent", level=40, error="no identity")
            return 1
        time.sleep(_POLL_SECONDS)
    status = "SUCCESS" if healthy else "FAILURE"
    try:
        client = Session().create_client(
            "cloudformation", identity.current.region, endpoint_url=config.aws_endpoint
        )
        client.signal_resource(
            StackName=stack,
            LogicalResourceId=resource,
            UniqueId=identity.current.instance_id,
            Status=status,
        )
    except (BotoCoreError, ClientError) as error:
        event("signal not accepted", level=30, status=status, error=str(error))
    else:
        event("signal", status=status, stack=stack, resource=resource)
    return 0 if healthy else 1


def _wait_until_healthy(port: int, deadline: float) -> bool:
    http = urllib3.PoolManager(timeout=2, retries=False)
    while time.monotonic() < deadline:
        try:
            if http.request("GET", f"http://127.0.0.1:{port}/healthcheck").status == 200:
                return True
        except urllib3.exceptions.HTTPError:
            pass  # not listening yet
        time.sleep(_POLL_SECONDS)
    return False
