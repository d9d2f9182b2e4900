"""What the own policy of a queue, a topic, a secret, a table, a function or a key says holds.

All of it: IAM User Guide, "Policy evaluation logic", where nothing else is named.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import ACCOUNT, allow, denies, policy_document

AwsClient = Any
Session = Callable[..., dict[str, str]]
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


@dataclass(frozen=True)
class Guarded:
    """A resource: how it gets a policy, and a call that the policy is asked about.

    `call(client)` makes it with a client of `service`; `action` is what IAM calls it.
    """

    service: str
    arn: str
    action: str
    call: Callable[[Any], Any]
    put: Callable[[str], Any]


def queue(aws: AwsClient, name: str) -> Guarded:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return Guarded(
        "sqs",
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}",
        "sqs:SendMessage",
        lambda client: client.send_message(QueueUrl=url, MessageBody="x"),
        lambda policy: sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy}),
    )


def topic(aws: AwsClient, name: str) -> Guarded:
    sns = aws("sns")
    arn = sns.create_topic(Name=name)["TopicArn"]
    return Guarded(
        "sns",
        arn,
        "sns:Publish",
        lambda client: client.publish(TopicArn=arn, Message="x"),
        lambda policy: sns.set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=policy
        ),
    )


def secret(aws: AwsClient, name: str) -> Guarded:
    manager = aws("secretsmanager")
    arn = manager.create_secret(Name=name, SecretString="x")["ARN"]
    return Guarded(
        "secretsmanager",
        arn,
        "secretsmanager:GetSecretValue",
        lambda client: client.get_secret_value(SecretId=name),
        lambda policy: manager.put_resource_policy(SecretId=name, ResourcePolicy=policy),
    )


def table(aws: AwsClient, name: str) -> Guarded:
    dynamodb = aws("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{name}"
    return Guarded(
        "dynamodb",
        arn,
        "dynamodb:GetItem",
        lambda client: client.get_item(TableName=name, Key={"id": {"S": "1"}}),
        lambda policy: dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy),
    )


def key(aws: AwsClient, name: str) -> Guarded:
    kms = aws("kms")
    made = kms.create_key()["KeyMetadata"]
    alias = f"alias/{name}"
    kms.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
    return Guarded(
        "kms",
        made["Arn"],
        "kms:Encrypt",
        lambda client: client.encrypt(KeyId=alias, Plaintext=b"x"),
        lambda policy: kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=policy),
    )


@pytest.fixture(params=[queue, topic, secret, table, key], ids=lambda make: make.__name__)
def guarded(request: pytest.FixtureRequest, aws: AwsClient, unique_name: str) -> Guarded:
    made: Guarded = request.param(aws, unique_name)
    return made


def statement(guarded: Guarded, effect: str, principal: Any, **more: Any) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": guarded.action,
        "Resource": guarded.arn,
        **more,
    }


def everything_to_the_account(guarded: Guarded) -> dict[str, Any]:
    """What keeps a key in the account's hands, and gives nobody anything elsewhere."""
    service = guarded.action.partition(":")[0]
    return statement(guarded, "Allow", ROOT, Action=f"{service}:*")


def test_whom_the_policy_names_needs_no_policy_of_its_own(
    aws: AwsClient, session: Session, guarded: Guarded
) -> None:
    """To the account it gives nothing by itself."""
    keys = session(allow("ec2:DescribeVpcs"))
    mine = aws(guarded.service, **keys)
    me = aws("sts", **keys).get_caller_identity()["Arn"]
    guarded.put(policy_document(everything_to_the_account(guarded)))
    assert denies(guarded.call, client=mine)

    guarded.put(
        policy_document(
            everything_to_the_account(guarded), statement(guarded, "Allow", {"AWS": me})
        )
    )

    guarded.call(mine)


@pytest.mark.parametrize("principal", ["*", ROOT, {"AWS": ACCOUNT}], ids=["all", "root", "id"])
def test_a_deny_wins_over_the_callers_own_policies(
    aws: AwsClient, session: Session, guarded: Guarded, principal: Any
) -> None:
    """An explicit deny in any policy."""
    mine = aws(guarded.service, **session(allow(f"{guarded.service}:*")))
    guarded.call(mine)

    guarded.put(
        policy_document(everything_to_the_account(guarded), statement(guarded, "Deny", principal))
    )

    *_, message = refusal_of(guarded.call, client=mine)
    assert guarded.action in message
    assert message.endswith("with an explicit deny in a resource-based policy")


def test_what_a_policy_gives_to_a_session_itself_no_session_policy_takes_away(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """IAM User Guide, "AWS JSON policy elements: Principal": a role that is named is limited by
    session policies and permissions boundaries, a session or everybody (*) only by a Deny."""
    guarded = queue(aws, unique_name)
    keys = session(allow("sqs:*"), Policy=policy_document(allow("ec2:DescribeVpcs")))
    mine = aws("sqs", **keys)
    me = aws("sts", **keys).get_caller_identity()["Arn"]
    role = f"arn:aws:iam::{ACCOUNT}:role/{me.split('/')[1]}"

    guarded.put(policy_document(statement(guarded, "Allow", {"AWS": role})))
    *_, message = refusal_of(guarded.call, client=mine)
    assert message.endswith("because no session policy allows the sqs:SendMessage action")

    for principal in ({"AWS": me}, "*"):
        guarded.put(policy_document(statement(guarded, "Allow", principal)))
        guarded.call(mine)


def test_not_principal_excepts_who_is_named_with_the_account(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """IAM User Guide, "AWS JSON policy elements: NotPrincipal"."""
    guarded = queue(aws, unique_name)
    keys = session(allow("sqs:*"))
    mine = aws("sqs", **keys)
    me = aws("sts", **keys).get_caller_identity()["Arn"]
    role = f"arn:aws:iam::{ACCOUNT}:role/{me.split('/')[1]}"
    denial = statement(guarded, "Deny", None)
    del denial["Principal"]

    guarded.put(policy_document({**denial, "NotPrincipal": ROOT}))
    assert denies(guarded.call, client=mine)

    everything = [me, role, ROOT["AWS"]]
    guarded.put(policy_document({**denial, "NotPrincipal": {"AWS": everything}}))
    guarded.call(mine)


def test_an_administrator_is_denied_too(aws: AwsClient, unique_name: str) -> None:
    guarded = queue(aws, unique_name)
    other_account = {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}
    guarded.put(policy_document(statement(guarded, "Deny", "*", Condition=other_account)))
    assert denies(guarded.call, client=aws("sqs"))


def test_conditions_of_a_statement_are_held(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """Those of calls from other services (aws:SourceArn) are absent, and so let nobody in."""
    guarded = queue(aws, unique_name)
    mine = aws("sqs", **session(allow("ec2:DescribeVpcs")))
    from_topic = {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:news"}}
    guarded.put(policy_document(statement(guarded, "Allow", "*", Condition=from_topic)))
    assert denies(guarded.call, client=mine)

    in_account = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    guarded.put(policy_document(statement(guarded, "Allow", "*", Condition=in_account)))
    guarded.call(mine)


def test_a_new_topics_own_policy_leaves_it_to_the_callers(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """SNS Developer Guide, "Overview of managing access": by default the topic's owner."""
    guarded = topic(aws, unique_name)
    mine = aws("sns", **session(allow("sns:Publish", guarded.arn)))
    guarded.call(mine)
    assert denies(mine.get_topic_attributes, TopicArn=guarded.arn)


def test_a_keys_policy_decides_whether_other_policies_count(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """KMS Developer Guide, "Key policies in AWS KMS"."""
    guarded = key(aws, unique_name)
    mine = aws("kms", **session(allow("kms:*")))
    guarded.call(mine)

    guarded.put(policy_document(statement(guarded, "Allow", ROOT, Action="kms:PutKeyPolicy")))

    *_, message = refusal_of(guarded.call, client=mine)
    assert message.endswith("because no resource-based policy allows the kms:Encrypt action")


def test_a_functions_permission_lets_its_principal_in(
    aws: AwsClient, session: Session, unique_name: str
) -> None:
    """Lambda Developer Guide, "Working with resource-based IAM policies in Lambda"."""
    keys = session(allow("ec2:DescribeVpcs"))
    me = aws("sts", **keys).get_caller_identity()["Arn"]
    functions = aws("lambda")
    functions.create_function(
        FunctionName=unique_name,
        Runtime="python3.12",
        Role=f"arn:aws:iam::{ACCOUNT}:role/{me.split('/')[1]}",
        Handler="index.handler",
        Code={"ZipFile": b"x"},
    )
    mine = aws("lambda", **keys)
    assert denies(mine.get_function, FunctionName=unique_name)

    functions.add_permission(
        FunctionName=unique_name, StatementId="me", Action="lambda:GetFunction", Principal=me
    )

    policy = json.loads(functions.get_policy(FunctionName=unique_name)["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": me}
    mine.get_function(FunctionName=unique_name)
