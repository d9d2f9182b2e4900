"""A service to observe, where its runs are recorded, and one scenario of it that was observed."""

import functools
import json
import shutil
import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from observed_scenario import REAL, Observed, Recommendations, runs_below, start_options

from evidence.observe.configuration import Subject

Client = Callable[[str], Any]
RunModule = Callable[..., dict[str, Any]]


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


@pytest.fixture(scope="module")
def observed(
    run_module: RunModule,
    subject: Subject,
    url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Observed]:
    play = functools.partial(run_module, "observation")
    fault = {"mark": "fault", "mutation": "break it", "inverse": "restore it"}
    results, again = {}, {}
    with runs_below(tmp_path_factory.mktemp("observed")) as runs:
        where = {"runs_directory": str(runs)}
        start = start_options(runs, url, subject)
        stop = {**where, "state": "stopped"}
        results["started"], again["started"] = play(**start), play(**start)
        results["steady"] = play(**where, state="awaited", replies=5, mark="steady")
        results["fault"] = play(**where, state="marked", **fault)
        results["settled"] = play(**where, state="awaited", until=[REAL], replies=5, mark="settled")
        results["unmarked"] = play(**where, state="awaited", replies=10)
        results["stopped"], again["stopped"] = play(**stop), play(**stop)
        yield Observed(runs, results, again)


@pytest.fixture
def judged(observed: Observed, runs: Path) -> dict[str, Any]:
    """What a verdict on the observed scenario is asked for, with a copy of its records."""
    shutil.copytree(observed.runs, runs, symlinks=True)
    claims = [{**REAL, "during": "after"}]
    return {"runs_directory": str(runs), "scenario": "healthy", "claims": claims}
