"""Whatever a request says, the client's mistake is answered as one: never InternalFailure."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from any_request import AnyRequest
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from campaign import FULL, SEED, Figures
from local_aws_command import LocalAws

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(1800)]

INTERNAL_FAILURE = 500
TOO_MANY = 10**9
REQUESTS = 20 if FULL else 1
"""Of each operation."""
SERVICES = (
    *("acm", "autoscaling", "cloudformation", "cloudwatch", "dynamodb", "dynamodbstreams", "ec2"),
    *("elb", "elbv2", "events", "iam", "kms", "logs", "s3", "secretsmanager", "sns", "sqs"),
    *("ssm", "sts"),
)
NEEDED = frozenset({"DeleteBucket", "DeleteTable", "DeleteLoadBalancer", "DeleteTargetGroup"})
"""Operations that would take away what the others are about."""
ROLE = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
)


def things(local_aws: LocalAws) -> Mapping[str, Sequence[str]]:
    """Make one of each kind, named `any`; their ids by the ends of members' names."""
    client = local_aws.client
    ec2 = client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]][:2]
    client("s3").create_bucket(Bucket="any")
    client("s3").put_object(Bucket="any", Key="any", Body=b"1")
    client("dynamodb").create_table(
        TableName="any",
        KeySchema=[{"AttributeName": "any", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "any", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("iam").create_role(RoleName="any", AssumeRolePolicyDocument=ROLE)
    client("iam").create_user(UserName="any")
    elbv2 = client("elbv2")
    group = elbv2.create_target_group(Name="any", Protocol="HTTP", Port=80, VpcId=vpc)
    balancer = elbv2.create_load_balancer(Name="any", Subnets=subnets)
    client("sqs").create_queue(QueueName="any")
    client("ssm").put_parameter(Name="any", Value="any", Type="String")
    client("secretsmanager").create_secret(Name="any", SecretString="any")
    client("logs").create_log_group(logGroupName="any")
    return {
        "vpcid": [vpc],
        "subnetid": subnets,
        "subnets": subnets,
        "imageid": [ec2.describe_images()["Images"][0]["ImageId"]],
        "loadbalancerarn": [balancer["LoadBalancers"][0]["LoadBalancerArn"]],
        "targetgrouparn": [group["TargetGroups"][0]["TargetGroupArn"]],
        "topicarn": [client("sns").create_topic(Name="any")["TopicArn"]],
        "queueurl": [client("sqs").get_queue_url(QueueName="any")["QueueUrl"]],
        "keyid": [client("kms").create_key()["KeyMetadata"]["KeyId"]],
        "policydocument": [ROLE, "{}"],
        "templatebody": ['{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}', "{}", "[]"],
        "cidrblock": ["10.0.1.0/24"],
        "expression": ["#a = :a", "a", "attribute_exists(any)"],
        "statement": ["SELECT * FROM any", "x"],
    }


@dataclass(frozen=True)
class World:
    """A local AWS that all services' tests share, and what there is in it."""

    local_aws: LocalAws
    known: Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    local_aws = LocalAws(tmp_path_factory.mktemp("local-aws") / "home")
    local_aws.start()
    yield World(local_aws, things(local_aws))
    local_aws.stop()


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_makes_the_local_aws_fail(service: str, world: World, figures: Figures) -> None:
    assert_answered(service, world, figures, REQUESTS)


@pytest.mark.parametrize("service", SERVICES)
def test_no_number_is_too_large_for_the_local_aws(
    service: str, world: World, figures: Figures
) -> None:
    """A request for a thousand million of something is refused, or answered as quickly."""
    assert_answered(service, world, figures, REQUESTS, TOO_MANY)


def assert_answered(
    service: str, world: World, figures: Figures, requests: int, number: int | None = None
) -> None:
    client = world.local_aws.client(service)
    model = client.meta.service_model
    failed = []
    for name in sorted({*model.operation_names} - NEEDED):
        # Its own chances: what is asked of one operation depends on no other.
        dice = random.Random(f"{SEED} {service} {name}")  # noqa: S311 - to be repeatable
        shape = model.operation_model(name).input_shape
        for _ in range(requests):
            asked = AnyRequest(dice, world.known, number).of(shape)
            if number is not None and str(number) not in json.dumps(asked, default=str):
                continue  # it asks for no number
            asked.pop("ContentLength", None)  # a body that does not come is waited for
            figures.count("requests")
            if fails(getattr(client, xform_name(name)), asked):
                failed.append(f"{name} {json.dumps(asked, default=str)[:300]}")
    figures.count("failed", len(failed))
    assert not failed, "\n".join(failed)


def fails(call: Any, asked: Mapping[str, Any]) -> bool:
    """Whether it is the local AWS that failed, or did not answer."""
    try:
        call(**asked)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] == INTERNAL_FAILURE)
    except ReadTimeoutError:
        return True
    except (BotoCoreError, TypeError, ValueError, AttributeError, KeyError):
        return False  # what the SDK itself cannot write
    return False
