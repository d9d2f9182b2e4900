"""Who sent a message: SenderId is the unique id of the caller.

Source: API_ReceiveMessage: the id of a user, and that of a role with the session's name; an
administrator's is the account's. What SNS delivers keeps the id that it has in moto.
"""

from __future__ import annotations

from collections.abc import Collection

from moto.sqs.responses import SQSResponse

from local_aws.control_plane.iam.sessions import callers


def sign(response: SQSResponse, sent: Collection[str]) -> None:
    """Note the caller on the messages of these ids, which the request has just sent."""
    queue = response.sqs_backend.get_queue(response._get_queue_name())
    sender = _caller_id(response)
    for message in queue._messages:
        if message.id in sent:
            message.sender_id = sender


def _caller_id(response: SQSResponse) -> str:
    if "Authorization" not in response.headers:
        return callers.ANONYMOUS.user_id
    key = callers.find_issued(response.get_access_key())
    return (key.caller if key else callers.ADMINISTRATOR).user_id
