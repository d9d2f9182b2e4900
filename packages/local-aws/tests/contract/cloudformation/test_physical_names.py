"""Names that CloudFormation generates for resources without one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from stack_driver import StackDriver

from local_aws.control_plane.cloudformation.resource_types.models import physical_names

MIXED = "[A-Za-z0-9]{12}"
CAPITALS = "[A-Z0-9]{12}"


@pytest.mark.parametrize(
    ("type_name", "stack", "logical_id", "recorded", "suffix"),
    [
        (
            "AWS::IAM::Role",
            "eksctl-my-cluster-nodegroup-my-nodegroup",
            "NodeInstanceRole",
            "eksctl-my-cluster-nodegroup-my-nod-NodeInstanceRole-jXNNFVvKvpkJ",
            MIXED,
        ),
        (
            "AWS::IAM::Role",
            "eksctl-fabulous-badger-1764007365-nodegroup-ng",
            "NodeInstanceRole",
            "eksctl-fabulous-badger-1764007365--NodeInstanceRole-fWK99bpuO1Mj",
            MIXED,
        ),
        (
            "AWS::IAM::Role",
            "OrderFlow-dev-VyasaRag",
            "VyasaRagFunctionServiceRole3A1B2C3D",
            "OrderFlow-dev-VyasaRag-VyasaRagFunctionServiceRole3-NSCvroR0lMPF",
            MIXED,
        ),
        (
            "AWS::IAM::InstanceProfile",
            "eksctl-eksops-nodegroup-mynodegroup",
            "NodeInstanceProfile",
            "eksctl-eksops-nodegroup-mynodegroup-NodeInstanceProfile-qNlJ2ojEWOdP",
            MIXED,
        ),
        (
            "AWS::Lambda::Function",
            "qnyproj-api",
            "HelloWorldFunction",
            "qnyproj-api-HelloWorldFunction-7vF4AmhBaeOA",
            MIXED,
        ),
        (
            "AWS::Lambda::Function",
            "main-test-scheduler-instances",
            "schedulingRequestHandlerLambda",
            "main-test-scheduler-insta-schedulingRequestHandler-jjzoPiu7Imc5",
            MIXED,
        ),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "wearless-use1-api",
            "PublicLoadBalancer",
            "wearle-Publi-n7eZ27fYallL",
            MIXED,
        ),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "RestaurantsStack",
            "LB8A12345678",
            "Restau-LB8A1-7ASNBoxQWbGn",
            MIXED,
        ),
        (
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            "wearless-use1-api",
            "TargetGroup",
            "wearle-Targe-M9FXEDYQXDTP",
            CAPITALS,
        ),
    ],
)
def test_a_name_is_as_recorded(
    type_name: str, stack: str, logical_id: str, recorded: str, suffix: str
) -> None:
    """Names of real AWS that users published; what was cut off of their stacks and logical ids is
    made up."""
    made = [physical_names.generated(type_name, stack, logical_id) for _ in range(20)]
    beginning = recorded[:-12]
    assert re.fullmatch(suffix, recorded[-12:])
    assert all(re.fullmatch(re.escape(beginning) + suffix, name) for name in made)
    suffixes = "".join(name[-12:] for name in made)
    assert (suffixes == suffixes.upper()) == (suffix == CAPITALS)
    assert len(set(made)) == len(made)


def test_resources_of_a_stack_have_such_names(
    stacks: StackDriver, aws: Any, service: dict[str, str], unique_name: str
) -> None:
    """CloudFormation Template Reference: the name is generated where there is none. Names of FIFO
    queues and topics end in .fifo, as their services want it."""
    stack = f"{unique_name}-{'a' * 80}"
    trust = {"Service": "lambda.amazonaws.com"}
    document = {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
    role = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [document]}}
    function = {
        "Runtime": "python3.12",
        "Handler": "index.handle",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "def handle(event, context): pass"},
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "User": {"Type": "AWS::IAM::User"},
        "Targets": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"Port": 80, "Protocol": "HTTP", "VpcId": service["VPCId"]},
        },
        "Fifo": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": "true"}},
    }

    stacks.create(stack, resources)

    ids = {name: stacks.physical_id(stack, name) for name in resources}
    iam = aws("iam")
    shown = {
        "Role": iam.get_role(RoleName=ids["Role"])["Role"]["RoleName"],
        "User": iam.get_user(UserName=ids["User"])["User"]["UserName"],
        "Function": aws("lambda").get_function(FunctionName=ids["Function"])["Configuration"][
            "FunctionName"
        ],
        "Queue": ids["Queue"].rpartition("/")[2],
        "Fifo": ids["Fifo"].rpartition("/")[2],
        "Targets": ids["Targets"].split("/")[1],
    }
    lengths = {"Role": 64, "User": 64, "Function": 63, "Queue": 80, "Fifo": 80, "Targets": 25}
    assert {name: len(value) for name, value in shown.items()} == lengths
    assert {name: ids[name][-18:-17] + ids[name][-5:] for name in ("Fifo", "Topic")} == {
        "Fifo": "-.fifo",
        "Topic": "-.fifo",
    }
    assert stacks.delete(stack)["StackStatus"] == "DELETE_COMPLETE"
