"""Protection from being stopped and terminated, and hibernation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ec2_driver import instance_state
from refusals import error_of


@pytest.fixture
def launch(aws: Any) -> Iterator[Callable[..., str]]:
    """Launch an instance into the default subnet of number `zone`."""
    ec2 = aws("ec2")
    launched: list[str] = []

    def run(zone: int = 0, **options: Any) -> str:
        subnets = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])
        subnet_id = subnets["Subnets"][zone]["SubnetId"]
        answer = ec2.run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet_id, **options
        )
        launched.append(answer["Instances"][0]["InstanceId"])
        return launched[-1]

    yield run
    for instance_id in launched:
        ec2.modify_instance_attribute(
            InstanceId=instance_id, DisableApiTermination={"Value": False}
        )
    ec2.terminate_instances(InstanceIds=launched)


def test_a_protected_instance_protects_those_of_its_zone(
    aws: Any, launch: Callable[..., str]
) -> None:
    """API_TerminateInstances: instances in other zones are terminated, though the request fails."""
    ec2 = aws("ec2")
    before, protected, elsewhere = launch(), launch(DisableApiTermination=True), launch(zone=1)

    code, message = error_of(ec2.terminate_instances, InstanceIds=[before, protected, elsewhere])

    assert code == "OperationNotPermitted"
    assert message == (
        f"The instance '{protected}' may not be terminated. Modify its 'disableApiTermination' "
        "instance attribute and try again."
    )
    states = [instance_state(ec2, each) for each in (before, protected, elsewhere)]
    assert states[:2] == ["running", "running"]
    assert states[2] in ("shutting-down", "terminated")


def test_one_that_may_not_be_stopped_says_so(aws: Any, launch: Callable[..., str]) -> None:
    """DisableApiStop in API_RunInstances, in the words that users reported."""
    ec2 = aws("ec2")
    other, protected = launch(), launch(DisableApiStop=True)
    assert error_of(ec2.stop_instances, InstanceIds=[other, protected]) == (
        "OperationNotPermitted",
        (
            f"The instance '{protected}' may not be stopped. Modify its 'disableApiStop' instance "
            "attribute and try again."
        ),
    )
    assert instance_state(ec2, other) == "running"


def test_one_hibernates_that_was_launched_for_it(aws: Any, launch: Callable[..., str]) -> None:
    """Hibernate in API_StopInstances, in the words that users reported."""
    ec2 = aws("ec2")
    other, hibernating = launch(), launch(HibernationOptions={"Configured": True})
    assert error_of(ec2.stop_instances, InstanceIds=[other], Hibernate=True) == (
        "UnsupportedHibernationConfiguration",
        (
            "The instance can't be hibernated because it was not configured at launch for "
            f"hibernation: {other}"
        ),
    )
    ec2.stop_instances(InstanceIds=[hibernating], Hibernate=True)
    assert instance_state(ec2, hibernating) in ("stopping", "stopped")
