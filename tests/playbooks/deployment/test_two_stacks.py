"""Two stacks side by side on one AWS: nothing that is done to one touches the other.

The first uses an existing security group, lets a range use SSH and keeps access logs; the second
has a certificate. One name begins with the other, so whatever is found by the beginning of a name
would be found twice.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from botocore.exceptions import ClientError
from botocore.utils import InstanceMetadataFetcher
from local_aws_command import eventually, get
from log_bucket import make_log_bucket

ROOT = Path(__file__).parents[3]
GIVEN, OWN = "pair", "pair-two"
SSH_RANGE = "203.0.113.0/24"
LOGS = "logs-of-an-operator"
DOMAIN = "recommendations.example"


@dataclass(frozen=True)
class Pair:
    """The two stacks, as AWS describes them."""

    aws: Callable[..., Any]
    inventory: Path
    group_id: str
    certificate: str

    def outputs(self, name: str) -> dict[str, str]:
        stack = self.aws("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        return {row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]}

    def resources(self, name: str) -> dict[str, str]:
        """The physical id of each resource by its logical id."""
        rows = self.aws("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
        return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}

    def instances(self, name: str) -> list[dict[str, Any]]:
        answer = self.aws("ec2").describe_instances(
            Filters=[
                {"Name": "tag:aws:cloudformation:stack-name", "Values": [name]},
                {"Name": "instance-state-name", "Values": ["running"]},
            ]
        )
        return [each for reservation in answer["Reservations"] for each in reservation["Instances"]]

    def replies(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """Enough of them for several from each instance."""
        answers = [get(f"http://{self.outputs(name)['LB']}/") for _ in range(12)]
        return [(status, json.loads(body)) for status, body in answers]

    def is_whole(self, name: str) -> bool:
        """Every reply is a real recommendation, and all three of its own instances give them."""
        replies = self.replies(name)
        serving = {body.get("Metadata", {}).get("InstanceId") for _, body in replies}
        return {status for status, _ in replies} == {200} and serving == {
            instance["InstanceId"] for instance in self.instances(name)
        }

    def rules(self, group_id: str) -> set[tuple[int, str]]:
        """(port, range) of each rule that lets a range of addresses in."""
        group = self.aws("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
        return {
            (permission["FromPort"], allowed["CidrIp"])
            for permission in group["IpPermissions"]
            for allowed in permission["IpRanges"]
        }


@pytest.fixture(scope="module")
def pair(aws, playbook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    group_id = aws("ec2").create_security_group(GroupName="given", Description="of an operator")[
        "GroupId"
    ]
    aws("ec2").authorize_security_group_ingress(
        GroupId=group_id, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="127.0.0.1/32"
    )
    make_log_bucket(aws("s3"), LOGS)
    inventory = tmp_path_factory.mktemp("inventory") / "local"
    shutil.copytree(ROOT / "inventory" / "local", inventory)
    given = {
        "service_stack_security_group_id": group_id,
        "service_stack_ssh_cidr": SSH_RANGE,
        "service_stack_access_logs_bucket": LOGS,
    }
    certificate = aws("acm").request_certificate(DomainName=DOMAIN)["CertificateArn"]
    own = {"service_stack_certificate_arn": certificate}
    hosts = {"service": {"hosts": {GIVEN: given, OWN: own}}}
    (inventory / "hosts.yml").write_text(yaml.safe_dump(hosts))
    pair = Pair(aws, inventory, group_id, certificate)
    try:
        deployment = playbook("-i", str(inventory), "deploy.yml")
        assert deployment.status == 0, deployment.output
        yield pair
    finally:
        for name in (GIVEN, OWN):
            aws("cloudformation").delete_stack(StackName=name)
        for name in (GIVEN, OWN):
            waiter = aws("cloudformation").get_waiter("stack_delete_complete")
            waiter.wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
        aws("ec2").delete_security_group(GroupId=group_id)
        eventually(lambda: is_deleted(aws("s3"), LOGS))
        aws("acm").delete_certificate(CertificateArn=certificate)


def is_deleted(s3: Any, bucket: str) -> bool:
    """Delete it with all that is in it; the last access log may come a moment later."""
    for row in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
        s3.delete_object(Bucket=bucket, Key=row["Key"])
    try:
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        return error.response["Error"]["Code"] != "BucketNotEmpty"
    return True


def test_each_has_all_of_its_own_and_serves_through_its_own_load_balancer(pair: Pair) -> None:
    assert set(pair.resources(GIVEN).values()).isdisjoint(pair.resources(OWN).values())
    assert set(pair.outputs(GIVEN).values()).isdisjoint(pair.outputs(OWN).values())
    assert [len(pair.instances(name)) for name in (GIVEN, OWN)] == [3, 3]
    assert pair.is_whole(GIVEN)
    assert pair.is_whole(OWN)


def test_a_given_security_group_takes_the_place_of_the_stacks_own(pair: Pair) -> None:
    balancers = pair.aws("elbv2").describe_load_balancers(Names=[f"{GIVEN}-lb"])["LoadBalancers"]
    attached = [instance["SecurityGroups"] for instance in pair.instances(GIVEN)]

    assert balancers[0]["SecurityGroups"] == [pair.group_id]
    assert [[group["GroupId"] for group in groups] for groups in attached] == [[pair.group_id]] * 3
    assert not [name for name in pair.resources(GIVEN) if name.endswith("SecurityGroup")]
    assert pair.rules(pair.group_id) == {(80, "127.0.0.1/32"), (22, SSH_RANGE)}


def test_access_logs_are_kept_where_a_bucket_is_named(pair: Pair) -> None:
    def attributes(name: str) -> dict[str, str]:
        elbv2 = pair.aws("elbv2")
        arn = elbv2.describe_load_balancers(Names=[f"{name}-lb"])["LoadBalancers"][0][
            "LoadBalancerArn"
        ]
        rows = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        return {row["Key"]: row["Value"] for row in rows}

    given, own = attributes(GIVEN), attributes(OWN)
    assert given["access_logs.s3.enabled"] == "true"
    assert (given["access_logs.s3.bucket"], given["access_logs.s3.prefix"]) == (LOGS, GIVEN)
    assert own["access_logs.s3.enabled"] == "false"
    rows = pair.aws("s3").list_objects_v2(Bucket=LOGS, Prefix=f"{GIVEN}/AWSLogs/")["Contents"]
    assert any(row["Key"].endswith("/ELBAccessLogTestFile") for row in rows)


def test_with_a_certificate_it_answers_https_too(pair: Pair, local_aws) -> None:
    authority = pair.aws("acm").get_certificate(CertificateArn=pair.certificate)["Certificate"]
    ports = {
        balancer["name"]: {each["port"]: each["url"] for each in balancer["listeners"]}
        for balancer in json.loads(local_aws("status", "--json").output)["load_balancers"]
    }
    assert set(ports[f"{GIVEN}-lb"]) == {80}
    host, port = urlsplit(ports[f"{OWN}-lb"][443]).netloc.split(":")
    trusting = ssl.create_default_context(cadata=authority)
    with (
        socket.create_connection((host, int(port)), timeout=10) as connection,
        trusting.wrap_socket(connection, server_hostname=DOMAIN) as secure,
    ):
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n".encode())
        reply = http.client.HTTPResponse(secure)
        reply.begin()
        body = json.loads(reply.read())
    assert reply.status == 200
    assert body["Metadata"]["InstanceId"] in {each["InstanceId"] for each in pair.instances(OWN)}


def test_recovery_lets_the_operator_in_again_by_both(pair: Pair, playbook) -> None:
    resources, ec2 = pair.resources(OWN), pair.aws("ec2")
    group_id = resources["DocExampleRecommendationServiceLoadBalancerSecurityGroup"]
    before = pair.rules(group_id)
    [group] = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=group["IpPermissions"])

    recovery = playbook("-i", str(pair.inventory), "recover.yml", "--limit", OWN)

    assert recovery.status == 0, recovery.output
    said = " ".join(recovery.output.split())
    for protocol in ("HTTP", "HTTPS"):
        assert f"the rule for {protocol} in {group_id} was missing: restored" in said
    assert pair.rules(group_id) == before


def test_nobody_may_use_ssh_unless_asked_for(pair: Pair) -> None:
    own = pair.resources(OWN)
    groups = [own[name] for name in own if name.endswith("SecurityGroup")]

    assert len(groups) == 2
    assert set.union(*(pair.rules(group_id) for group_id in groups)) == {
        (80, "127.0.0.1/32"),
        (443, "127.0.0.1/32"),
    }


def test_an_instance_may_read_only_its_own_stacks_settings(pair: Pair, local_aws) -> None:
    instances = json.loads(local_aws("status", "--json").output)["instances"]
    chosen = pair.instances(GIVEN)[0]["InstanceId"]
    pid = next(instance["pid"] for instance in instances if instance["id"] == chosen)
    variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    metadata = dict(variable.partition("=")[::2] for variable in variables)[
        "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    ]
    role = InstanceMetadataFetcher(base_url=metadata).retrieve_iam_role_credentials()
    ssm = pair.aws(
        "ssm",
        aws_access_key_id=role["access_key"],
        aws_secret_access_key=role["secret_key"],
        aws_session_token=role["token"],
    )

    assert ssm.get_parameters(Names=[f"{GIVEN}-table"])["Parameters"]
    with pytest.raises(ClientError, match="AccessDenied"):
        ssm.get_parameters(Names=[f"{OWN}-table"])


def test_deploying_one_again_changes_nothing(pair: Pair, playbook) -> None:
    again = playbook("-i", str(pair.inventory), "deploy.yml", "--limit", GIVEN)

    assert again.status == 0, again.output
    assert again.changed == 0


@pytest.mark.parametrize("name", ["scenario.yml", "demo.yml"])
def test_the_scenarios_ask_for_one_of_them(name: str, pair: Pair, playbook) -> None:
    run = playbook("-i", str(pair.inventory), name)

    assert run.status != 0
    assert f"The stacks are: {GIVEN}, {OWN}" in run.output
    assert f"--limit {GIVEN}" in run.output
    assert run.changed == 0


def test_a_fault_in_one_is_not_seen_in_the_other(pair: Pair) -> None:
    cloudformation = pair.aws("cloudformation")
    stack = cloudformation.describe_stacks(StackName=GIVEN)["Stacks"][0]
    fault = [
        {"ParameterKey": row["ParameterKey"], "UsePreviousValue": True}
        for row in stack["Parameters"]
        if row["ParameterKey"] != "SSMTableName"
    ] + [{"ParameterKey": "SSMTableName", "ParameterValue": "unknown"}]
    cloudformation.update_stack(
        StackName=GIVEN,
        UsePreviousTemplate=True,
        Parameters=fault,
        Capabilities=["CAPABILITY_IAM"],
    )

    eventually(lambda: {status for status, _ in pair.replies(GIVEN)} == {502})

    assert pair.is_whole(OWN)
    parameters = pair.aws("ssm").get_parameters(Names=[f"{OWN}-table"])["Parameters"]
    assert [(row["Value"], row["Version"]) for row in parameters] == [
        (pair.outputs(OWN)["Table"], 1)
    ]


def test_destroying_one_leaves_the_other_and_the_given_group(pair: Pair, playbook) -> None:
    before = pair.resources(OWN)

    destroyed = playbook("-i", str(pair.inventory), "destroy.yml", "--limit", GIVEN)

    assert destroyed.status == 0, destroyed.output
    stacks = pair.aws("cloudformation").describe_stacks()["Stacks"]
    assert GIVEN not in {stack["StackName"] for stack in stacks}
    assert pair.instances(GIVEN) == []
    assert pair.rules(pair.group_id) == {(80, "127.0.0.1/32")}
    assert pair.resources(OWN) == before
    assert pair.is_whole(OWN)
