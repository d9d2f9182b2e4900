"""With `local-aws start --unkind`: what AWS shows and does late, each delay half a second here."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of
from role_driver import EC2_ASSUMES_IT, allow, denies, policy_document
from stack_driver import StackDriver
from wired import wired

from local_aws.contract.facts import Facts, TargetHealth, TargetKey
from local_aws.control_plane import desired, instance_credentials, late_views, wiring
from local_aws.control_plane.delays import Delays
from local_aws.control_plane.lock import LOCK

AwsClient = Any
SECONDS = 0.5
Late = Callable[..., None]


@pytest.fixture
def late() -> Iterator[Late]:
    """Delays AWS's answers; the keywords are the members of Delays."""
    with wired():
        yield lambda **changes: wiring.connect(replace(wiring.current(), delays=Delays(**changes)))


def look() -> None:
    with LOCK:
        late_views.look()


def begun_at(change: Callable[[], Any]) -> float:
    """When a change was made that is noticed at once."""
    look()
    change()
    now = time.monotonic()
    look()
    return now


def passed_after(begun: float, holds: Callable[[], bool]) -> float:
    """After how many seconds it was so."""
    while not holds():
        assert time.monotonic() < begun + 10 * SECONDS
        time.sleep(0.02)
    return time.monotonic() - begun


def test_a_policy_counts_after_a_while_and_so_does_its_removal(
    late: Late, aws: AwsClient, user: str
) -> None:
    """IAM User Guide, "Changes that I make are not always immediately visible"."""
    iam = aws("iam")
    key = iam.create_access_key(UserName=user)["AccessKey"]
    own = aws(
        "iam",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    document = policy_document(allow("iam:ListUsers"))
    late(policies=SECONDS)

    given = begun_at(
        lambda: iam.put_user_policy(UserName=user, PolicyName="a", PolicyDocument=document)
    )
    assert denies(own.list_users)
    assert passed_after(given, lambda: not denies(own.list_users)) >= SECONDS

    taken = begun_at(lambda: iam.delete_user_policy(UserName=user, PolicyName="a"))
    assert not denies(own.list_users)
    assert passed_after(taken, lambda: denies(own.list_users)) >= SECONDS
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])


@pytest.fixture
def instance_id(aws: AwsClient) -> str:
    launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    instance_id: str = launched["Instances"][0]["InstanceId"]
    return instance_id


@pytest.fixture
def profile(aws: AwsClient, unique_name: str) -> dict[str, str]:
    """A profile whose role trusts EC2, by its name."""
    iam = aws("iam")
    trust = policy_document(EC2_ASSUMES_IT)
    iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=trust)
    iam.create_instance_profile(InstanceProfileName=unique_name)
    iam.add_role_to_instance_profile(InstanceProfileName=unique_name, RoleName=unique_name)
    return {"Name": unique_name}


def associations(aws: AwsClient, instance_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws("ec2").describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [instance_id]}]
    )["IamInstanceProfileAssociations"]
    return found


def test_an_association_begins_and_ends_in_states_of_its_own(
    late: Late, aws: AwsClient, instance_id: str, profile: dict[str, str]
) -> None:
    """API_IamInstanceProfileAssociation: associating, associated, disassociating, disassociated."""
    ec2 = aws("ec2")
    late(profiles=SECONDS)

    begun = time.monotonic()
    ec2.associate_iam_instance_profile(InstanceId=instance_id, IamInstanceProfile=profile)
    [association] = associations(aws, instance_id)
    assert association["State"] == "associating"
    settled = passed_after(
        begun, lambda: associations(aws, instance_id)[0]["State"] == "associated"
    )
    assert settled >= SECONDS

    begun = time.monotonic()
    ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])
    assert [each["State"] for each in associations(aws, instance_id)] == ["disassociating"]
    described = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"]
    assert "IamInstanceProfile" in described[0]
    again = refusal_of(
        ec2.associate_iam_instance_profile, InstanceId=instance_id, IamInstanceProfile=profile
    )
    assert again[1] == "IncorrectState"
    assert passed_after(begun, lambda: not associations(aws, instance_id)) >= SECONDS


def test_the_metadata_service_keeps_a_role_that_was_taken(
    late: Late, aws: AwsClient, instance_id: str, profile: dict[str, str]
) -> None:
    ec2 = aws("ec2")
    ec2.associate_iam_instance_profile(InstanceId=instance_id, IamInstanceProfile=profile)
    association = associations(aws, instance_id)[0]["AssociationId"]
    late(metadata=SECONDS)

    taken = begun_at(lambda: ec2.disassociate_iam_instance_profile(AssociationId=association))
    assert instance_credentials.current(instance_id) is not None
    gone = passed_after(taken, lambda: instance_credentials.current(instance_id) is None)
    assert gone >= SECONDS


def test_a_new_instance_is_not_found_by_its_id_at_first(late: Late, aws: AwsClient) -> None:
    """EC2 Developer Guide, "Ensure idempotency and eventual consistency"."""
    ec2 = aws("ec2")
    late(new_instances=SECONDS)

    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    begun = time.monotonic()
    instance_id = launched["Instances"][0]["InstanceId"]

    refusal = refusal_of(ec2.describe_instances, InstanceIds=[instance_id])
    assert refusal[1] == "InvalidInstanceID.NotFound"

    def is_found() -> bool:
        try:
            ec2.create_tags(Resources=[instance_id], Tags=[{"Key": "a", "Value": "b"}])
            ec2.describe_instances(InstanceIds=[instance_id])
        except ClientError:
            return False
        return True

    assert passed_after(begun, is_found) >= SECONDS - 0.1


@pytest.mark.parametrize("filtered", [False, True], ids=["all", "filtered"])
def test_a_new_instance_is_not_listed_at_first(late: Late, aws: AwsClient, filtered: bool) -> None:
    """EC2 Developer Guide, "Ensure idempotency and eventual consistency". No other test has left
    instances in that region."""
    ec2 = aws("ec2", region="eu-north-1")
    late(new_instances=SECONDS)
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    begun = time.monotonic()
    instance_id = launched["Instances"][0]["InstanceId"]
    asked = {"Filters": [{"Name": "instance-id", "Values": [instance_id]}]} if filtered else {}

    def is_listed() -> bool:
        listed = [
            instance["InstanceId"]
            for reservation in ec2.describe_instances(**asked)["Reservations"]
            for instance in reservation["Instances"]
        ]
        statuses = ec2.describe_instance_status(IncludeAllInstances=True, **asked)
        shown = [status["InstanceId"] for status in statuses["InstanceStatuses"]]
        return instance_id in listed and instance_id in shown

    assert not is_listed()
    assert passed_after(begun, is_listed) >= SECONDS - 0.1


def test_target_health_is_shown_late(
    late: Late, aws: AwsClient, target_group: str, instance_id: str, facts: Facts
) -> None:
    """What the load balancer does with the target is not late."""
    elbv2 = aws("elbv2")
    key = TargetKey(target_group, instance_id, 80)
    elbv2.register_targets(TargetGroupArn=target_group, Targets=[{"Id": instance_id}])

    def state() -> str:
        answer = elbv2.describe_target_health(TargetGroupArn=target_group)
        shown: str = answer["TargetHealthDescriptions"][0]["TargetHealth"]["State"]
        return shown

    facts.instances = {}
    facts.target_health = {key: TargetHealth("healthy")}
    state_now = state()
    late(target_health=SECONDS)
    failed = begun_at(
        lambda: facts.target_health.update(
            {key: TargetHealth("unhealthy", "Target.Timeout", "Request timed out")}
        )
    )
    assert state() == state_now == "healthy"
    assert passed_after(failed, lambda: state() == "unhealthy") >= SECONDS


def test_a_load_balancer_is_provisioning_and_answers_nobody_at_first(
    late: Late, aws: AwsClient, unique_name: str, subnets: dict[str, str]
) -> None:
    elbv2 = aws("elbv2")
    late(load_balancers=SECONDS)

    begun = time.monotonic()
    made = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]

    def state() -> str:
        answer = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
        code: str = answer[0]["State"]["Code"]
        return code

    def is_carried_out() -> bool:
        with LOCK:
            return arn in [each.arn for each in desired.desired_state().load_balancers]

    assert made["LoadBalancers"][0]["State"]["Code"] == state() == "provisioning"
    assert not is_carried_out()
    assert passed_after(begun, lambda: state() == "active") >= SECONDS
    assert is_carried_out()


def test_a_stack_waits_for_its_load_balancer(
    late: Late, stacks: StackDriver, unique_name: str, subnets: dict[str, str]
) -> None:
    late(load_balancers=SECONDS)
    properties = {"Subnets": list(subnets.values())}
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": properties}

    begun = time.monotonic()
    stacks.create(unique_name, {"Resources": {"Balancer": balancer}})

    assert time.monotonic() - begun >= SECONDS


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ec2", "describe_regions", "RequestLimitExceeded"),
        ("elbv2", "describe_target_groups", "Throttling"),
        ("cloudformation", "describe_stacks", "Throttling"),
        ("ssm", "describe_parameters", "ThrottlingException"),
    ],
)
def test_calls_that_come_too_fast_are_refused_and_later_ones_answered(
    late: Late, aws: AwsClient, service: str, operation: str, code: str
) -> None:
    """EC2 Developer Guide, "Request throttling"; "Common errors" of each API Reference."""
    call = getattr(aws(service, region="eu-north-1"), operation)
    late(throttled=True)

    def refused() -> str | None:
        try:
            call()
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return None

    first = next(filter(None, (refused() for _ in range(500))))
    assert first == code
    assert passed_after(time.monotonic(), lambda: refused() is None) < 2


def test_data_is_not_throttled(late: Late, aws: AwsClient) -> None:
    late(throttled=True)
    for _ in itertools.repeat(None, 60):
        aws("dynamodb").list_tables()


def test_a_health_check_is_not_more_frequent_than_aws_allows(
    late: Late, unchecked_elbv2: Any, unique_name: str, default_vpc: str
) -> None:
    """API_CreateTargetGroup: HealthCheckIntervalSeconds, 5 to 300."""
    late(shortest_health_check_interval=5)
    refusal = refusal_of(
        unchecked_elbv2.create_target_group,
        Name=unique_name,
        Protocol="HTTP",
        Port=80,
        VpcId=default_vpc,
        HealthCheckIntervalSeconds=1,
    )
    assert refusal[1] == "ValidationError"
