"""What goes wrong at the first boot is known soon, and deploy.yml says what it was."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.module_utils.resilience.server_archive import digest
from cfnlint.decode.cfn_yaml import loads
from rendered_template import rendered
from server_archive import built
from workplace import ROOT

OWNER = {"Project": "resilient-service", "resilient-service:stack": ""}
WITHIN_SECONDS = 60


@pytest.fixture
def name(aws: Callable[[str], Any]) -> Iterator[str]:
    name = f"b{uuid.uuid4().hex[:8]}"
    yield name
    aws("cloudformation").delete_stack(StackName=name)
    aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=name)


@pytest.fixture
def bucket(aws: Callable[[str], Any], name: str) -> Iterator[str]:
    """The stack's own, as deploy.yml finds it when it has made it before."""
    s3, bucket = aws("s3"), f"{name}-123456789012-us-east-1"
    s3.create_bucket(Bucket=bucket)
    tags = {**OWNER, "resilient-service:stack": name}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": listed})
    yield bucket
    if bucket in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=each["Key"])
        s3.delete_bucket(Bucket=bucket)


def test_an_archive_that_was_tampered_with_never_runs_and_deploy_says_so(
    name: str, bucket: str, aws: Callable[[str], Any], playbook
) -> None:
    archive = built(ROOT / "files/recommendation_server", ROOT / ".cache", "3.11", bytecode=True)
    sha256 = digest(archive.read_bytes())
    aws("s3").put_object(Bucket=bucket, Key=f"{sha256}.zip", Body=b"another program")

    deployment = playbook("deploy.yml", "-e", f"service_stack_name={name}")

    said = " ".join(deployment.output.split())
    assert deployment.status != 0
    assert f"The stack {name} is ROLLBACK_COMPLETE" in said
    assert "first boot failed: digest: what was fetched has SHA-256 " in said
    assert f"and the launch template names {sha256}" in said
    assert bucket not in [each["Name"] for each in aws("s3").list_buckets()["Buckets"]]


def test_a_role_that_may_not_fetch_signals_failure_with_the_reason(
    name: str, bucket: str, aws: Callable[[str], Any]
) -> None:
    template = without_permission(loads(rendered()))
    subnets = aws("ec2").describe_subnets()["Subnets"][:3]
    images = aws("ec2").describe_images(Owners=["amazon"])["Images"]
    values = {
        "VPCId": subnets[0]["VpcId"],
        "Subnets": ",".join(each["SubnetId"] for each in subnets),
        "ExternalCidr": "127.0.0.1/32",
        "ServerBucket": bucket,
        "ServerSha256": "0" * 64,
        "HealthCheckInterval": "1",
        "ImageId": images[0]["ImageId"],
        "DeploymentId": "0123abcd",
    }
    cloudformation = aws("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )

    launched, signalled = moments(cloudformation, name)

    instance_id, seconds = signalled[1], (signalled[0] - launched).total_seconds()
    assert seconds < WITHIN_SECONDS
    console = aws("ec2").get_console_output(InstanceId=instance_id)["Output"]
    assert (
        "first boot failed: download: aws: An error occurred (AccessDenied) when calling the "
        "GetObject operation: "
    ) in console


def without_permission(template: dict[str, Any]) -> dict[str, Any]:
    """The instances' policy without s3:GetObject; and they give up sooner."""
    resources = template["Resources"]
    document = resources["DocExampleRecommendationServicePolicy"]["Properties"]["PolicyDocument"]
    document["Statement"] = [
        each for each in document["Statement"] if each["Action"] != "s3:GetObject"
    ]
    assert len(document["Statement"]) == 4
    launched = resources["DocExampleRecommendationServiceLaunchTemplate"]["Properties"]
    user_data = launched["LaunchTemplateData"]["UserData"]["Fn::Base64"]
    user_data["Fn::Sub"] = user_data["Fn::Sub"].replace(
        "install_server.py --aws", "install_server.py --seconds 20 --aws"
    )
    return template


def moments(cloudformation: Any, name: str) -> tuple[Any, tuple[Any, str]]:
    """When the group was begun, and when which instance signalled FAILURE."""
    mark = "Received FAILURE signal with UniqueId "
    deadline = time.monotonic() + 2 * WITHIN_SECONDS
    while time.monotonic() < deadline:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        of_group = [
            each
            for each in reversed(events)
            if each["LogicalResourceId"] == "DocExampleRecommendationServiceAutoScalingGroup"
        ]
        for each in of_group:
            reason = each.get("ResourceStatusReason", "")
            if reason.startswith(mark):
                return of_group[0]["Timestamp"], (each["Timestamp"], reason.removeprefix(mark))
        time.sleep(0.2)
    raise AssertionError("no instance signalled FAILURE")
