"""Instance states: those in between are seen, and the data plane's facts move them on."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from auto_scaling_driver import turn
from botocore.exceptions import ClientError
from ec2_driver import instance_state
from refusals import error_of

from local_aws.contract.desired_state import Instance
from local_aws.contract.facts import Facts, InstanceFact
from local_aws.control_plane import desired
from local_aws.control_plane.ec2.instances import instance_states
from local_aws.control_plane.lock import LOCK

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def launch(aws: Any) -> Callable[[], str]:
    def run() -> str:
        launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
        instance_id: str = launched["Instances"][0]["InstanceId"]
        return instance_id

    return run


def wanted(instance_id: str) -> Instance | None:
    with LOCK:
        instances = desired.desired_state().instances
    return next((item for item in instances if item.instance_id == instance_id), None)


def report(
    facts: Facts, instance_id: str, boots: int = 1, alive: bool = True, log_path: str = ""
) -> None:
    facts.instances = {
        **facts.instances,
        instance_id: InstanceFact(instance_id, boots, alive, 1 if alive else None, 8000, log_path),
    }


def test_without_a_data_plane_an_instance_runs_and_ends_at_once(
    aws: Any, launch: Callable[[], str]
) -> None:
    instance_id = launch()
    assert instance_state(aws("ec2"), instance_id) == "running"

    aws("ec2").terminate_instances(InstanceIds=[instance_id])
    assert instance_state(aws("ec2"), instance_id) == "terminated"


def test_an_instance_is_pending_until_it_has_booted(
    aws: Any, launch: Callable[[], str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html"""
    instance_id = launch()
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "pending"

    report(facts, instance_id)
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "running"


@pytest.mark.usefixtures("facts")
def test_some_calls_wait_for_an_instance_to_run(aws: Any, launch: Callable[[], str]) -> None:
    """API_StopInstances, API_AttachVolume and API_AssociateAddress, in the words that users
    reported."""
    ec2, instance_id = aws("ec2"), launch()
    found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    zone = found["Placement"]["AvailabilityZone"]
    volume = ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    assert error_of(ec2.stop_instances, InstanceIds=[instance_id]) == (
        "IncorrectInstanceState",
        f"Instance '{instance_id}' cannot be stopped as it has never reached the 'running' state.",
    )
    attached = {"VolumeId": volume, "InstanceId": instance_id, "Device": "/dev/sdh"}
    assert error_of(ec2.attach_volume, **attached) == (
        "IncorrectState",
        f"Instance '{instance_id}' is not 'running'.",
    )
    associated = {"AllocationId": address, "InstanceId": instance_id}
    assert error_of(ec2.associate_address, **associated) == (
        "InvalidInstanceID",
        f"The pending instance '{instance_id}' is not in a valid state for this operation.",
    )


def test_stop_and_start_pass_through_stopping_and_pending(
    aws: Any, launch: Callable[[], str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html"""
    instance_id = launch()
    report(facts, instance_id)
    turn(facts)

    aws("ec2").stop_instances(InstanceIds=[instance_id])
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "stopping"
    assert wanted(instance_id) is None

    facts.instances = {}
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "stopped"

    aws("ec2").start_instances(InstanceIds=[instance_id])
    assert instance_state(aws("ec2"), instance_id) == "pending"
    instance = wanted(instance_id)
    assert instance is not None
    assert instance.boots == 2
    report(facts, instance_id, boots=1)  # the former boot
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "pending"

    report(facts, instance_id, boots=2)
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "running"


def test_a_call_for_the_state_that_it_is_in_or_on_its_way_to_changes_nothing(
    aws: Any, launch: Callable[[], str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html

    The calls' answers have the current and the previous state."""
    ec2 = aws("ec2")
    instance_id = launch()
    calls = {
        "pending": (ec2.start_instances, "StartingInstances"),
        "stopping": (ec2.stop_instances, "StoppingInstances"),
        "shutting-down": (ec2.terminate_instances, "TerminatingInstances"),
    }
    for name, (call, answer) in calls.items():
        if name != "pending":
            report(facts, instance_id)
            turn(facts)
            call(InstanceIds=[instance_id])
        (change,) = call(InstanceIds=[instance_id])[answer]

        assert change["PreviousState"]["Name"] == change["CurrentState"]["Name"] == name
        if name == "stopping":
            facts.instances = {}
            turn(facts)
            ec2.start_instances(InstanceIds=[instance_id])
            report(facts, instance_id, boots=2)
            turn(facts)

    facts.instances = {}
    turn(facts)
    ec2.terminate_instances(InstanceIds=[instance_id])
    assert instance_state(aws("ec2"), instance_id) == "terminated"


def test_a_start_is_a_launch(aws: Any, launch: Callable[[], str]) -> None:
    """LaunchTime in API_Instance: "The time that the instance was last launched"."""
    ec2, instance_id = aws("ec2"), launch()

    def launched() -> Any:
        found = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
        return found["LaunchTime"], found["NetworkInterfaces"][0]["Attachment"]["AttachTime"]

    first = launched()
    while int(time.time()) <= first[0].timestamp():  # answers show whole seconds
        time.sleep(0.02)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.start_instances(InstanceIds=[instance_id])
    last = launched()
    assert last[0] > first[0]
    assert last[1] == first[1]


def test_a_reboot_raises_the_boots_and_keeps_the_instance_running(
    aws: Any, launch: Callable[[], str]
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-reboot.html"""
    instance_id = launch()

    aws("ec2").reboot_instances(InstanceIds=[instance_id])

    instance = wanted(instance_id)
    assert instance is not None
    assert instance.boots == 2
    assert instance_state(aws("ec2"), instance_id) == "running"


def test_a_terminated_instance_shuts_down_first_and_stays_visible(
    aws: Any, launch: Callable[[], str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html"""
    instance_id = launch()
    report(facts, instance_id)
    turn(facts)

    aws("ec2").terminate_instances(InstanceIds=[instance_id])
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "shutting-down"

    facts.instances = {}
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "terminated"
    aws("ec2").get_waiter("instance_terminated").wait(InstanceIds=[instance_id])


def test_a_terminated_instance_is_forgotten_after_a_while(
    aws: Any, launch: Callable[[], str], facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html"""
    instance_id = launch()
    aws("ec2").terminate_instances(InstanceIds=[instance_id])
    turn(facts)
    assert instance_id in desired.desired_state().known_instances
    monkeypatch.setattr(instance_states, "_TERMINATED_VISIBLE_SECONDS", -1.0)

    turn(facts)

    assert instance_id not in desired.desired_state().known_instances

    with pytest.raises(ClientError, match=r"InvalidInstanceID\.NotFound"):
        instance_state(aws("ec2"), instance_id)


def test_an_instance_serves_on_for_a_moment_after_its_termination_starts(
    aws: Any, launch: Callable[[], str], facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html"""
    monkeypatch.setattr(instance_states, "SHUTDOWN_SECONDS", 60.0)
    instance_id = launch()
    report(facts, instance_id)
    turn(facts)

    aws("ec2").terminate_instances(InstanceIds=[instance_id])
    facts.instances = {}
    turn(facts)

    assert wanted(instance_id) is not None
    assert instance_state(aws("ec2"), instance_id) == "shutting-down"


@pytest.mark.parametrize("action", ["start_instances", "reboot_instances", "stop_instances"])
def test_an_action_in_the_wrong_state_is_refused(
    aws: Any, launch: Callable[[], str], action: str
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    instance_id = launch()
    aws("ec2").terminate_instances(InstanceIds=[instance_id])

    with pytest.raises(ClientError, match="IncorrectInstanceState"):
        getattr(aws("ec2"), action)(InstanceIds=[instance_id])


def test_status_checks_show_whether_the_main_process_lives(
    aws: Any, launch: Callable[[], str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html"""
    instance_id = launch()
    report(facts, instance_id)
    turn(facts)

    def status() -> str:
        found = aws("ec2").describe_instance_status(InstanceIds=[instance_id])
        name: str = found["InstanceStatuses"][0]["InstanceStatus"]["Status"]
        return name

    assert status() == "ok"
    report(facts, instance_id, alive=False)
    assert status() == "impaired"


def test_console_output_is_the_instance_s_log(
    aws: Any, launch: Callable[[], str], facts: Facts, tmp_path: Path
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html"""
    log = tmp_path / "console.log"
    log.write_bytes(b"x" * 70_000 + b"the last line\n")
    instance_id = launch()
    report(facts, instance_id, log_path=str(log))

    output = aws("ec2").get_console_output(InstanceId=instance_id)["Output"]

    text = output if output.endswith("\n") else base64.b64decode(output).decode()
    assert text.endswith("the last line\n")
    assert len(text) == 64 * 1024

    facts.instances, facts.consoles = {}, {instance_id: str(log)}  # as when it was terminated
    assert aws("ec2").get_console_output(InstanceId=instance_id)["Output"] == output

    report(facts, instance_id, log_path=str(tmp_path / "not yet written.log"))
    assert not aws("ec2").get_console_output(InstanceId=instance_id).get("Output")


def test_an_instance_that_the_machine_cannot_run_terminates_with_a_reason(
    aws: Any, launch: Callable[[], str], facts: Facts
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html: "Instance
    terminates immediately", with the state reason."""
    instance_id = launch()
    failed = InstanceFact(instance_id, 1, False, None, 8000, "", "No space left on device")
    facts.instances = {instance_id: failed}
    turn(facts)
    assert instance_state(aws("ec2"), instance_id) == "shutting-down"
    facts.instances = {}
    turn(facts)

    answer = aws("ec2").describe_instances(InstanceIds=[instance_id])
    instance = answer["Reservations"][0]["Instances"][0]
    assert instance["State"]["Name"] == "terminated"
    assert instance["StateReason"] == {
        "Code": "Server.InternalError",
        "Message": "Server.InternalError: An internal error caused the instance to terminate "
        "during launch: No space left on device",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"InstanceType": {"Value": "t3.small"}},
        {"Attribute": "instanceType", "Value": "t3.small"},
        {"Kernel": {"Value": "aki-1"}},
    ],
    ids=["type", "named", "kernel"],
)
def test_some_attributes_change_only_while_it_is_stopped(
    change: dict[str, Any], aws: Any, launch: Callable[[], str]
) -> None:
    """API_ModifyInstanceAttribute: the instance must be stopped to modify these."""
    instance_id = launch()
    ec2 = aws("ec2")
    with pytest.raises(ClientError, match=r"IncorrectInstanceState.*not in the 'stopped' state"):
        ec2.modify_instance_attribute(InstanceId=instance_id, **change)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.modify_instance_attribute(InstanceId=instance_id, **change)
    ec2.modify_instance_attribute(InstanceId=instance_id, SourceDestCheck={"Value": True})
