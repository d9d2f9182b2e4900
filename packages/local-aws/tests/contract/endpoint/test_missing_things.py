"""Requests about things that do not exist, and for regions that do not: a 4xx, never a 500."""

from __future__ import annotations

from typing import Any

import missing_things
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from signed_requests import refusal

# The others of EC2's hundreds are not this project's: moto answers them as it does.
_EC2_RESOURCES = (
    *("Instance", "Instances", "InstanceAttribute", "InstanceMetadataOptions", "InstanceStatus"),
    *("LaunchTemplate", "LaunchTemplates", "LaunchTemplateVersion", "LaunchTemplateVersions"),
    *("KeyPair", "KeyPairs", "Image", "Images", "ImageAttribute", "Tags", "Address", "Addresses"),
    *("SecurityGroup", "SecurityGroups", "SecurityGroupIngress", "SecurityGroupEgress"),
    *("SecurityGroupRules", "Subnet", "Subnets", "SubnetAttribute", "Vpc", "Vpcs", "VpcAttribute"),
    *("RouteTable", "Route", "InternetGateway", "NatGateway", "NetworkAcl", "NetworkAclEntry"),
    *("NetworkAclAssociation", "NetworkInterface", "Volume", "Volumes", "Snapshot"),
    *("IamInstanceProfile", "IamInstanceProfileAssociation", "ConsoleOutput"),
)


@pytest.mark.parametrize(
    "service",
    [
        "autoscaling",
        "cloudformation",
        "cloudwatch",
        "dynamodb",
        "ec2",
        "elbv2",
        "iam",
        "ssm",
        "sts",
    ],
)
def test_a_thing_that_does_not_exist_is_the_client_s_mistake(aws: Any, service: str) -> None:
    """AWS: "Common error types" of each service: 4xx for the client's mistakes, which clients do
    not retry; 500 only for AWS's own failures."""
    client = aws(service, region="eu-north-1")
    resources = _EC2_RESOURCES if service == "ec2" else ()
    failed = {}
    for operation, parameters in missing_things.requests(client.meta.service_model, resources):
        try:
            getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                failed[operation] = parameters

    assert failed == {}


def test_every_call_about_a_missing_group_is_a_validation_error(aws: Any) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html"""
    client = aws("autoscaling", region="eu-north-1")
    model = client.meta.service_model
    answers = {}
    for operation, parameters in missing_things.requests(model):
        if "AutoScalingGroupName" not in parameters or operation == "CreateAutoScalingGroup":
            continue
        try:
            getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code != "InvalidAction":  # not emulated
                answers[operation] = code
        else:
            answers[operation] = "nothing"

    assert {"PutWarmPool", "PutLifecycleHook", "SuspendProcesses"} <= answers.keys()
    assert set(answers.values()) == {"ValidationError"}, answers


@pytest.mark.parametrize(
    ("service", "operation", "status", "code"),
    [
        ("cloudformation", "list_stacks", 403, "SignatureDoesNotMatch"),
        ("dynamodb", "list_tables", 400, "InvalidSignatureException"),
        ("ec2", "describe_vpcs", 401, "AuthFailure"),
        ("lambda", "list_functions", 403, "InvalidSignatureException"),
        ("route53", "list_hosted_zones", 403, "SignatureDoesNotMatch"),
        ("s3", "list_buckets", 400, "AuthorizationHeaderMalformed"),
    ],
)
def test_a_signature_for_a_region_that_does_not_exist_is_refused(
    aws: Any, service: str, operation: str, status: int, code: str
) -> None:
    """AWS: "Troubleshoot Signature Version 4 signing" in the IAM User Guide: the credential scope
    names the service's region; each protocol has its own answer for a wrong one."""
    with pytest.raises(ClientError, match="mars-north-1") as refused:
        getattr(aws(service, region="mars-north-1"), operation)()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("cancel_spot_instance_requests", {"SpotInstanceRequestIds": [""]}),
        ("modify_traffic_mirror_session", {"TrafficMirrorSessionId": ""}),
    ],
)
def test_an_empty_name_is_that_of_nothing(aws: Any, call: str, given: dict[str, Any]) -> None:
    """EC2, "Error codes": 4xx for the client's mistakes."""
    assert refusal(getattr(aws("ec2"), call), **given) == (400, "InvalidParameterValue")
