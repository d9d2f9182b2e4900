"""Permissions that accounts get for queues by AddPermission, and lose by RemovePermission."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from signed_requests import policy_document, refusal

MINE = "123456789012"
OTHER = "210987654321"
SEVEN = (
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
)


@pytest.fixture
def queue(aws: Any, unique_name: str) -> str:
    url: str = aws("sqs").create_queue(QueueName=unique_name)["QueueUrl"]
    return url


@pytest.fixture
def arn(unique_name: str) -> str:
    return f"arn:aws:sqs:us-east-1:{MINE}:{unique_name}"


@pytest.fixture
def unnamed(arn: str) -> dict[str, Any]:
    """A statement without a Sid."""
    return {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}


def _policy(aws: Any, queue: str) -> Any:
    found = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy"])
    return json.loads(found.get("Attributes", {}).get("Policy", "null"))


def _add(aws: Any, queue: str, label: str, *actions: str, accounts: tuple[str, ...] = ()) -> None:
    aws("sqs").add_permission(
        QueueUrl=queue,
        Label=label,
        AWSAccountIds=list(accounts or (MINE,)),
        Actions=list(actions or ("SendMessage",)),
    )


def test_the_first_permission_creates_the_policy_and_the_last_one_removes_it(
    aws: Any, queue: str, arn: str
) -> None:
    """Recorded from AWS: AddPermission, RemovePermission, GetQueueAttributes."""
    _add(aws, queue, "one")
    _add(aws, queue, "two", "SendMessage", "*", accounts=(MINE, OTHER))
    mine, other = (f"arn:aws:iam::{account}:root" for account in (MINE, OTHER))
    shared = {"Effect": "Allow", "Resource": arn}
    one = {"Sid": "one", **shared, "Principal": {"AWS": mine}, "Action": "SQS:SendMessage"}
    two = {"Sid": "two", **shared, "Principal": {"AWS": [mine, other]}}
    assert _policy(aws, queue) == {
        "Version": "2008-10-17",
        "Id": f"{arn}/SQSDefaultPolicy",
        "Statement": [one, {**two, "Action": ["SQS:SendMessage", "SQS:*"]}],
    }

    aws("sqs").remove_permission(QueueUrl=queue, Label="two")
    assert _policy(aws, queue)["Statement"] == [one]
    aws("sqs").remove_permission(QueueUrl=queue, Label="one")
    assert _policy(aws, queue) is None


def test_statements_without_a_sid_stay_as_they_are(
    aws: Any, queue: str, unnamed: dict[str, Any]
) -> None:
    """API_AddPermission, API_RemovePermission: a permission is found by its label, the Sid."""
    aws("sqs").set_queue_attributes(
        QueueUrl=queue, Attributes={"Policy": policy_document(unnamed, {**unnamed, "Sid": "own"})}
    )
    _add(aws, queue, "added")
    policy = _policy(aws, queue)
    assert policy["Version"] == "2012-10-17"
    assert [each.get("Sid") for each in policy["Statement"]] == [None, "own", "added"]

    for label in ("own", "added"):
        aws("sqs").remove_permission(QueueUrl=queue, Label=label)
    assert _policy(aws, queue)["Statement"] == [unnamed]


def test_a_label_is_there_once(aws: Any, queue: str, unnamed: dict[str, Any]) -> None:
    """Recorded from AWS: InvalidParameterValue, with a policy and without one."""
    sqs = aws("sqs")
    value = "Value one for parameter Label is invalid. Reason: "
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*{value}can't find label.$"):
        sqs.remove_permission(QueueUrl=queue, Label="one")

    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy_document(unnamed)})
    missing = f"InvalidParameterValue.*{value}can't find label on existing policy.$"
    with pytest.raises(ClientError, match=missing):
        sqs.remove_permission(QueueUrl=queue, Label="one")

    _add(aws, queue, "one")
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*{value}Already exists.$"):
        _add(aws, queue, "one", "ReceiveMessage")


@pytest.mark.parametrize("label", ["a.b", "a b", "ü", "a" * 81])
def test_a_label_is_of_letters_digits_hyphens_and_underscores(
    aws: Any, queue: str, label: str
) -> None:
    """API_AddPermission, Label: "Maximum 80 characters"."""
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*for parameter Label is invalid"):
        _add(aws, queue, label)
    _add(aws, queue, "a-_9" * 20)


def test_a_label_is_not_empty(aws: Any, queue: str) -> None:
    """Recorded from AWS: MissingParameter."""
    words = "MissingParameter.*The request must contain the parameter Label.$"
    with pytest.raises(ClientError, match=words):
        _add(aws, queue, "")
    with pytest.raises(ClientError, match=words):
        aws("sqs").remove_permission(QueueUrl=queue, Label="")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("RemovePermission", "Only the queue owner is allowed to invoke this action."),
        ("TagQueue", "Only the queue owner is allowed to invoke this action."),
        ("SendMessageBatch", "Please refer to the appropriate WSDL for a list of valid actions."),
        ("Send*", "Please refer to the appropriate WSDL for a list of valid actions."),
    ],
)
def test_an_action_that_is_nobody_elses_is_refused(
    aws: Any, queue: str, action: str, reason: str
) -> None:
    """Recorded from AWS; SQS Developer Guide, "Limitations of Amazon SQS custom policies"."""
    words = f"Value SQS:{action} for parameter ActionName is invalid. Reason: {reason}"
    with pytest.raises(ClientError) as refused:
        _add(aws, queue, "one", "SendMessage", action)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidParameterValue", words)
    assert _policy(aws, queue) is None


def test_a_permission_is_for_accounts(aws: Any, queue: str) -> None:
    """Recorded from AWS; API_AddPermission: "does not support adding a non-account principal"."""
    user = f"arn:aws:iam::{MINE}:user/one"
    with pytest.raises(ClientError) as refused:
        _add(aws, queue, "one", accounts=(user,))
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "InvalidParameterValue",
        f"Value [{user}] for parameter PrincipalId is invalid. Reason: Unable to verify.",
    )


def test_a_permission_has_seven_actions(aws: Any, queue: str) -> None:
    """API_AddPermission: "a maximum of seven actions per statement"."""
    with pytest.raises(ClientError, match=r"OverLimit.*8 Actions were found, maximum"):
        _add(aws, queue, "eight", *SEVEN, "SendMessage")
    _add(aws, queue, "seven", *SEVEN)
    assert len(_policy(aws, queue)["Statement"][0]["Action"]) == len(SEVEN)


def test_a_policy_has_twenty_statements(aws: Any, queue: str, unnamed: dict[str, Any]) -> None:
    """Recorded from AWS; SQS Developer Guide, "Amazon SQS policy quotas": 20 statements."""
    sqs = aws("sqs")
    words = "OverLimit.*21 statements were found in the submitted policy, max allowed is 20"
    with pytest.raises(ClientError, match=words):
        sqs.set_queue_attributes(
            QueueUrl=queue, Attributes={"Policy": policy_document(*[unnamed] * 21)}
        )
    sqs.set_queue_attributes(
        QueueUrl=queue, Attributes={"Policy": policy_document(*[unnamed] * 20)}
    )
    with pytest.raises(ClientError, match=words):
        _add(aws, queue, "one")
    assert len(_policy(aws, queue)["Statement"]) == 20


def test_a_policys_size_and_its_statements_actions_are_limited(
    aws: Any, queue: str, unnamed: dict[str, Any]
) -> None:
    """Recorded from AWS; SQS Developer Guide, "Amazon SQS policy quotas": 8,192 bytes."""
    eight = {**unnamed, "Action": [f"sqs:{name}" for name in (*SEVEN, "SendMessage")]}
    long = {**unnamed, "Sid": "a" * 8192}
    for statement, words in (
        (
            eight,
            "8 actions were found in a statement from the submitted policy, max allowed is 7",
        ),
        (long, "Submitted policy is over max allowed size."),
    ):
        policy = {"Policy": policy_document(statement)}
        with pytest.raises(ClientError) as refused:
            aws("sqs").set_queue_attributes(QueueUrl=queue, Attributes=policy)
        response = refused.value.response
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert response["Error"]["Code"] == "OverLimit"
        assert response["Error"]["Message"] == words


@pytest.mark.parametrize("statements", [[], None, "any", [1], [{}]], ids=str)
def test_a_policy_without_statements_is_refused(aws: Any, queue: str, statements: Any) -> None:
    """Recorded from AWS: InvalidAttributeValue."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    refused = refusal(
        aws("sqs").set_queue_attributes, QueueUrl=queue, Attributes={"Policy": policy}
    )
    assert refused == (400, "InvalidAttributeValue")


@pytest.mark.parametrize("missing", ["Effect", "Principal", "Action", "Resource"])
def test_a_statement_says_who_may_do_what(
    aws: Any, queue: str, unnamed: dict[str, Any], missing: str
) -> None:
    """IAM User Guide, "Grammar of the IAM JSON policy language"."""
    del unnamed[missing]
    policy = {"Policy": policy_document(unnamed)}
    refused = refusal(aws("sqs").set_queue_attributes, QueueUrl=queue, Attributes=policy)
    assert refused == (400, "InvalidAttributeValue")
