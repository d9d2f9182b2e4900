"""Client tokens of EC2: how long they are, and of what is terminated."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


@pytest.mark.parametrize("token", ["x" * 65, "naïve"], ids=["long", "not ASCII"])
def test_a_token_has_64_ascii_characters(aws: Any, token: str) -> None:
    """EC2 API Reference, "Ensuring idempotency in Amazon EC2 API requests"; EC2's error code
    InvalidClientToken."""
    call = aws("ec2").run_instances
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    assert refusal_of(call, **launch, ClientToken=token)[:2] == (400, "InvalidClientToken")


def test_a_launch_templates_token_has_128(aws: Any, unique_name: str) -> None:
    """ClientToken in API_CreateLaunchTemplate."""
    create = aws("ec2").create_launch_template
    data = {"LaunchTemplateName": unique_name, "LaunchTemplateData": {"ImageId": "ami-12c6146b"}}
    assert refusal_of(create, **data, ClientToken="x" * 129)[1] == "InvalidClientToken"
    assert create(**data, ClientToken="x" * 128)["LaunchTemplate"]


@pytest.mark.usefixtures("no_waiting")
def test_a_token_of_a_terminated_instance_is_used_up(aws: Any, unique_name: str) -> None:
    """EC2's error code IdempotentInstanceTerminated, in the words that users reported."""
    ec2 = aws("ec2")
    launch = {
        "ImageId": "ami-12c6146b",
        "MinCount": 1,
        "MaxCount": 1,
        "ClientToken": unique_name,
    }
    launched = ec2.run_instances(**launch)["Instances"][0]["InstanceId"]
    ec2.terminate_instances(InstanceIds=[launched])
    assert refusal_of(ec2.run_instances, **launch) == (
        400,
        "IdempotentInstanceTerminated",
        (
            "The client token you have provided is associated with a terminated instance. "
            "Please use a different client token."
        ),
    )
