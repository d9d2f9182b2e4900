"""A service to observe, and where its runs are recorded."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from observed_scenario import Recommendations, runs_below, start_options

from evidence.observe.configuration import Subject

Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Recommendations) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def subject(aws: Client) -> Subject:
    """A stack, a target group and an Auto Scaling group; all tests here only look at them."""
    name = f"demo-{uuid4().hex[:8]}"
    vpc = aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    group = aws("elbv2").create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc)
    image = aws("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    template = {"LaunchTemplateName": name}
    aws("ec2").create_launch_template(**template, LaunchTemplateData={"ImageId": image})
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    aws("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=1,
        MaxSize=1,
        LaunchTemplate=template,
        AvailabilityZones=["us-east-1a"],
        TargetGroupARNs=[arn],
    )
    resources = {"Topic": {"Type": "AWS::SNS::Topic"}}
    aws("cloudformation").create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": resources})
    )
    return Subject("us-east-1", name, arn, name)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    with runs_below(tmp_path) as directory:
        yield directory


@pytest.fixture
def options(subject: Subject, url: str, runs: Path) -> dict[str, Any]:
    return start_options(runs, url, subject)
