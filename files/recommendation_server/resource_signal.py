"""Reports to CloudFormation that this instance serves, or that it does not.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
"""

import json
import time
from http.client import HTTPException

from . import config, query_api
from .aws import Access, AwsError, OutageError
from .exchange import Exchanges, Request
from .identity import UNKNOWN, Identity
from .log import event

# From the begin of the server's unit: that it fails is known after less than a minute.
SERVER_SECONDS = 50
# The load balancer's checks take as long as their interval says, and never fail for being slow.
TARGET_SECONDS = 240
# A signal that is lost costs the whole deployment: CloudFormation waits for it, then rolls back.
SIGNAL_SECONDS = 30
_PASSING = ("Throttling", "RequestLimitExceeded", "ServiceUnavailable", "InternalFailure", "Http5")
_EXCHANGES = Exchanges(connect_seconds=1.0, read_seconds=1.0)


def signal_resource(stack: str, resource: str, target_group: str | None) -> int:
    """Waits until the server is healthy, and its target too, then signals. Returns the exit status.

    It runs on each instance's first boot, also when Auto Scaling replaces one and nobody waits
    for a signal: that CloudFormation refuses it then is no failure. SignalResource has no room for
    a reason, so why it is FAILURE is a line on the console.
    """
    begun_at = time.monotonic()
    identity, access = Identity(), Access()
    problem: str | None = "unit: it was not asked yet"
    patience = SERVER_SECONDS
    while problem and (waited := time.monotonic() - begun_at) < patience:
        time.sleep(pause(waited))
        identity.refresh()
        problem, patience = _server_problem(), SERVER_SECONDS
        if identity.known["region"] == UNKNOWN:
            problem = problem or "identity: the metadata service does not say who this is"
        if not problem and target_group is not None:
            access.refresh(identity.known["region"])
            problem = _target_problem(access, identity.known["instance_id"], target_group)
            patience = TARGET_SECONDS
    if problem:
        print(f"first boot failed: {problem}", flush=True)  # noqa: T201 - the console is read
    status = "FAILURE" if problem else "SUCCESS"
    parameters = {
        "StackName": stack,
        "LogicalResourceId": resource,
        "UniqueId": identity.known["instance_id"],
        "Status": status,
    }
    access.refresh(identity.known["region"])
    error = _send(access, parameters)
    event("signal", {"status": status, "reason": problem, "error": error})
    return 1 if problem else 0


def pause(waited: float) -> float:
    """Longer and longer: AWS limits the rate at which an account calls DescribeTargetHealth."""
    return min(max(0.2, waited / 10), 5)


def _send(access: Access, parameters: dict[str, str]) -> str | None:
    """Sends the signal, again while the failure may pass. Why it is not accepted; None when it is.

    One that arrived, and whose answer was lost, is refused the next time.
    """
    begun_at = time.monotonic()
    while True:
        try:
            query_api.call(access, "cloudformation", "SignalResource", parameters)
        except AwsError as failure:
            passes = isinstance(failure, OutageError) or failure.code.startswith(_PASSING)
            waited = time.monotonic() - begun_at
            if not passes or waited > SIGNAL_SECONDS:
                return failure.code
            time.sleep(pause(waited))
        else:
            return None


def _server_problem() -> str | None:
    """Why the server on this instance does not serve; None when it does."""
    url = f"http://127.0.0.1:{config.PORT}/healthcheck"
    try:
        answer = _EXCHANGES.exchange(Request("GET", url, {}))
    except (OSError, HTTPException) as error:
        return f"unit: the server does not answer at port {config.PORT}: {error}"
    if answer.status == 200:
        return None
    try:
        said = json.loads(answer.body)["error"]
    except (ValueError, KeyError, TypeError):
        said = "another program's answer"
    return f"health: /healthcheck answers {answer.status}: {said}"


def _target_problem(access: Access, instance_id: str, target_group: str) -> str | None:
    """The load balancer's word: until it counts on this instance, no other one may go."""
    asked = {"TargetGroupArn": target_group, "Targets.member.1.Id": instance_id}
    try:
        found = query_api.call(access, "elasticloadbalancing", "DescribeTargetHealth", asked)
    except AwsError as error:
        return f"health: DescribeTargetHealth is refused: {error.code}"
    state = found.findtext(".//{*}TargetHealth/{*}State")
    if state == "healthy":
        return None
    why = found.findtext(".//{*}TargetHealth/{*}Description")
    return f"health: the target is {state}: {why or 'no reason given'}"
