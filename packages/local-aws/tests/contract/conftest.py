"""The real control plane on a free port, and clients for it."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from auto_scaling_driver import CreateGroup
from botocore.config import Config
from load_balancing_world import Target, serving_targets
from moto.core.base_backend import BackendDict
from role_driver import TRUSTS_THE_ACCOUNT, keys_of, policy_document
from signed_requests import RawClient
from stack_driver import StackDriver
from wired import wired

from local_aws.contract.credentials import AccessKey
from local_aws.contract.facts import Facts
from local_aws.control_plane import corrections, service_connections
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS, ChangeSets
from local_aws.control_plane.cloudformation.stack import STACKS, Stacks
from local_aws.control_plane.ec2 import instance_states
from local_aws.control_plane.endpoint.server import ControlPlaneServer
from local_aws.control_plane.lock import LOCK
from local_aws.load_balancing.controller import LoadBalancing

AwsClient = Callable[..., Any]
"""`aws("ec2")`, `aws("ec2", region="eu-west-1")`, or with other credentials by keyword."""

_ONCE = Config(retries={"total_max_attempts": 1})
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def administrators_key() -> AccessKey:
    return AccessKey("AKIAADMINISTRATOR000", "administrator")


@pytest.fixture(scope="session", autouse=True)
def _corrected() -> None:
    corrections.install()


@pytest.fixture(scope="module", autouse=True)
def _empty_account() -> None:
    """Each file begins with an empty AWS account, whichever files ran before it."""
    with LOCK:
        BackendDict.reset()
        vars(STACKS).update(vars(Stacks()))
        vars(CHANGE_SETS).update(vars(ChangeSets()))


@pytest.fixture(scope="session")
def control_plane(administrators_key: AccessKey) -> Iterator[ControlPlaneServer]:
    server = ControlPlaneServer(administrators_key, service_connections.HOOKS)
    server.start()
    with wired(endpoint=server.endpoint):
        yield server
    server.stop()


@pytest.fixture(scope="session")
def aws(control_plane: ControlPlaneServer, administrators_key: AccessKey) -> AwsClient:
    """A factory of boto3 clients with an administrator's keys."""

    own = _credentials(administrators_key)

    @functools.cache  # making a client takes longer than most requests
    def client(service: str, region: str = "us-east-1", **credentials: str) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=control_plane.endpoint,
            config=_ONCE,
            **(credentials or own),
        )

    return client


def _credentials(key: AccessKey) -> dict[str, str]:
    """As boto3's clients take them."""
    return {
        "aws_access_key_id": key.access_key_id,
        "aws_secret_access_key": key.secret_access_key,
    }


def _client(service: str) -> Any:
    """A fixture: the administrator's client of this service, under the variable's name."""

    @pytest.fixture(scope="session")
    def client(aws: AwsClient) -> Any:
        return aws(service)

    return client


acm = _client("acm")
asg = _client("autoscaling")
cloudwatch = _client("cloudwatch")
dynamodb = _client("dynamodb")
ec2 = _client("ec2")
elbv2 = _client("elbv2")
events = _client("events")
iam = _client("iam")
kms = _client("kms")
logs = _client("logs")
s3 = _client("s3")
secrets = _client("secretsmanager")
sns = _client("sns")
ssm = _client("ssm")


@pytest.fixture(scope="session")
def unchecked(
    control_plane: ControlPlaneServer, administrators_key: AccessKey
) -> Callable[[str], Any]:
    """Clients that send what they are given, as those without a model do."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=control_plane.endpoint,
            config=_ONCE.merge(Config(parameter_validation=False)),
            **_credentials(administrators_key),
        )

    return client


@pytest.fixture(scope="session")
def unchecked_elbv2(unchecked: Callable[[str], Any]) -> Any:
    """botocore checks some ranges itself."""
    return unchecked("elbv2")


@pytest.fixture
def unique_name() -> str:
    """A name that no other test uses: the tests of one file share one AWS account."""
    return f"test-{next(_numbers)}"


@pytest.fixture
def topic(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The ARN of a topic of SNS."""
    sns = aws("sns")
    arn = str(sns.create_topic(Name=unique_name)["TopicArn"])
    yield arn
    sns.delete_topic(TopicArn=arn)


@pytest.fixture
def facts() -> Iterator[Facts]:
    """An attached data plane that reports what the test writes; `reconcile(facts)` is one turn."""
    reported = Facts()
    with wired(data_plane=reported):
        yield reported


@pytest.fixture(scope="module")
def default_vpc(ec2: Any) -> str:
    """The id of the default VPC."""
    [vpc] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpc["VpcId"])


@pytest.fixture(scope="module")
def subnets(ec2: Any) -> dict[str, str]:
    """The default VPC's subnets in three zones: the id by Availability Zone."""
    default = [{"Name": "default-for-az", "Values": ["true"]}]
    found = ec2.describe_subnets(Filters=default)["Subnets"]
    by_zone = {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in found}
    return {zone: by_zone[zone] for zone in ("us-east-1a", "us-east-1b", "us-east-1c")}


@pytest.fixture
def launch_template(aws: AwsClient, unique_name: str) -> str:
    """The id of a launch template with one version."""
    template = aws("ec2").create_launch_template(
        LaunchTemplateName=unique_name,
        LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"},
    )
    template_id: str = template["LaunchTemplate"]["LaunchTemplateId"]
    return template_id


@pytest.fixture
def group(asg: Any, unique_name: str, launch_template: str, subnets: dict[str, str]) -> CreateGroup:
    """Creates a group of three in three zones; keywords change the request, None leaves out."""

    def create(**changes: Any) -> str:
        request = {
            "MinSize": 0,
            "MaxSize": 6,
            "DesiredCapacity": 3,
            "LaunchTemplate": {"LaunchTemplateId": launch_template, "Version": "$Latest"},
            "VPCZoneIdentifier": ",".join(subnets.values()),
            **changes,
        }
        asg.create_auto_scaling_group(
            AutoScalingGroupName=unique_name,
            **{name: value for name, value in request.items() if value is not None},
        )
        return unique_name

    return create


@pytest.fixture
def new_target_group(elbv2: Any, unique_name: str, default_vpc: str) -> str:
    """The ARN of a target group that no listener forwards to."""
    made = elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=80, VpcId=default_vpc)
    return str(made["TargetGroups"][0]["TargetGroupArn"])


@pytest.fixture
def target_group(
    elbv2: Any, unique_name: str, subnets: dict[str, str], new_target_group: str
) -> str:
    """The ARN of a target group that a listener forwards to, in all three zones."""
    balancer = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": new_target_group}],
    )
    return new_target_group


@pytest.fixture
def classic(aws: Any, unique_name: str, subnets: dict[str, str]) -> Iterator[str]:
    """The name of a Classic Load Balancer in two zones, whose instances serve at port 8080."""
    elb = aws("elb")
    elb.create_load_balancer(
        LoadBalancerName=unique_name,
        Subnets=list(subnets.values())[:2],
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}],
    )
    yield unique_name
    elb.delete_load_balancer(LoadBalancerName=unique_name)


@pytest.fixture(scope="session")
def load_balancing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadBalancing]:
    """A real Envoy, for tests of traffic."""
    balancing = LoadBalancing(tmp_path_factory.mktemp("load balancing"))
    yield balancing
    balancing.stop()


@pytest.fixture
def target() -> Iterator[Target]:
    """A server that load balancers can send requests to."""
    with serving_targets(1) as [server]:
        yield server


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instances end with the turn in which nothing of them runs any more; none serves on."""
    monkeypatch.setattr(instance_states, "SHUTDOWN_SECONDS", 0.0)


@pytest.fixture
def stacks(aws: AwsClient) -> Iterator[StackDriver]:
    """Creates and changes stacks; what is left is deleted after the test."""
    driver = StackDriver(aws("cloudformation"))
    yield driver
    driver.delete_all()


@pytest.fixture
def service(default_vpc: str, subnets: dict[str, str]) -> dict[str, str]:
    """Parameters of templates/service.yaml: the default VPC and three subnets."""
    return {
        "VPCId": default_vpc,
        "Subnets": ",".join(subnets.values()),
    }


@pytest.fixture
def raw(control_plane: ControlPlaneServer, administrators_key: AccessKey) -> RawClient:
    """Sends what a test has signed, or not, to the endpoint."""
    return RawClient(control_plane.endpoint, administrators_key)


@pytest.fixture
def user(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The name of an IAM user who may do nothing yet."""
    iam = aws("iam")
    iam.create_user(UserName=unique_name)
    yield unique_name
    for name in iam.list_user_policies(UserName=unique_name)["PolicyNames"]:
        iam.delete_user_policy(UserName=unique_name, PolicyName=name)
    for key in iam.list_access_keys(UserName=unique_name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=unique_name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=unique_name)


@pytest.fixture
def bucket(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """The name of an empty S3 bucket."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique_name)
    yield unique_name
    for item in s3.list_objects_v2(Bucket=unique_name).get("Contents", []):
        s3.delete_object(Bucket=unique_name, Key=item["Key"])
    s3.delete_bucket(Bucket=unique_name)


@pytest.fixture
def role(aws: AwsClient, unique_name: str) -> Iterator[Callable[..., str]]:
    """Creates a role with these statements; returns its ARN."""
    iam = aws("iam")

    def make(*statements: dict[str, Any], principal: Any = TRUSTS_THE_ACCOUNT) -> str:
        actions = ["sts:AssumeRole", "sts:TagSession"]
        trust = {"Effect": "Allow", "Principal": principal, "Action": actions}
        arn = iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=policy_document(trust))
        iam.put_role_policy(
            RoleName=unique_name, PolicyName="inline", PolicyDocument=policy_document(*statements)
        )
        return str(arn["Role"]["Arn"])

    yield make
    iam.delete_role_policy(RoleName=unique_name, PolicyName="inline")
    iam.delete_role(RoleName=unique_name)


@pytest.fixture
def session(aws: AwsClient, role: Callable[..., str]) -> Callable[..., dict[str, str]]:
    """Creates a role with these statements and assumes it; returns keys for `aws`."""

    def make(*statements: dict[str, Any], **options: Any) -> dict[str, str]:
        arn = role(*statements)
        return keys_of(aws("sts").assume_role(RoleArn=arn, RoleSessionName="me", **options))

    return make
