"""An instance that fails is replaced: by EC2, the load balancer, or a user."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    boot_all,
    described,
    end,
    instances,
    later,
    report,
    turn,
    zones,
)
from botocore.exceptions import ClientError
from ec2_driver import instance_state

from local_aws.contract.facts import Facts, InstanceFact, TargetHealth
from local_aws.control_plane.auto_scaling.instances import health


@pytest.mark.parametrize("action", ["terminate_instances", "stop_instances"])
def test_an_instance_that_is_not_running_is_replaced_in_its_zone(
    aws: Any, asg: Any, group: CreateGroup, subnets: dict[str, str], action: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html"""
    name = group(HealthCheckGracePeriod=300)
    lost = instances(asg, name)[1]

    getattr(aws("ec2"), action)(InstanceIds=[lost])
    turn(Facts())

    assert lost not in instances(asg, name)
    assert zones(asg, name) == dict.fromkeys(subnets, 1)
    assert instance_state(aws("ec2"), lost) == "terminated"
    launched, terminated = activities(asg, name)[:2]
    assert (
        "in response to an EC2 health check indicating it has been terminated or stopped"
        in (terminated["Cause"])
    )
    assert "in response to an unhealthy instance needing to be replaced" in launched["Cause"]


@pytest.mark.usefixtures("no_waiting")
def test_an_instance_whose_process_died_is_replaced(
    asg: Any, group: CreateGroup, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html"""
    monkeypatch.setattr(health, "_BOOT_SECONDS", 0.0)
    name = group()
    boot_all(asg, name, facts)
    lost = instances(asg, name)[0]

    report(facts, lost, alive=False)
    turn(facts)

    assert instances(asg, name, "Terminating") == [lost]
    assert len(instances(asg, name, "Pending")) == 1
    assert "EC2 instance status checks failure" in activities(asg, name)[1]["Cause"]
    end(facts, lost)
    assert instances(asg, name, "Terminating") == []


def test_an_instance_that_dies_while_it_boots_is_not_replaced_in_a_fast_loop(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    instance_id = instances(asg, name)[0]

    report(facts, instance_id, alive=False)
    turn(facts)

    assert instances(asg, name) == [instance_id]


@pytest.mark.usefixtures("no_waiting")
def test_instances_that_the_machine_cannot_run_are_not_replaced_in_a_fast_loop(
    asg: Any, group: CreateGroup, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html"""
    name = group(DesiredCapacity=1)
    launched = instances(asg, name, "Pending")
    failure = "No space left on device"
    facts.instances = {i: InstanceFact(i, 1, False, None, 8000, "", failure) for i in launched}
    turn(facts)
    for instance_id in launched:
        end(facts, instance_id)
    for _ in range(20):
        turn(facts)

    assert instances(asg, name) == []
    (failed,) = [item for item in activities(asg, name) if item["StatusCode"] == "Failed"]
    assert failure in failed["StatusMessage"]
    later(facts, 11)
    assert len(instances(asg, name, "Pending")) == 1


def test_set_instance_health_replaces_the_instance(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html"""
    name = group()
    lost = instances(asg, name)[0]

    asg.set_instance_health(InstanceId=lost, HealthStatus="Unhealthy")

    assert lost not in instances(asg, name)
    assert len(instances(asg, name)) == 3
    assert "in response to a user health-check" in activities(asg, name)[1]["Cause"]


def test_set_instance_health_respects_the_grace_period_by_default(
    asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html"""
    name = group(HealthCheckGracePeriod=300)
    chosen = instances(asg, name)[0]

    asg.set_instance_health(InstanceId=chosen, HealthStatus="Unhealthy")
    assert chosen in instances(asg, name)

    asg.set_instance_health(
        InstanceId=chosen, HealthStatus="Unhealthy", ShouldRespectGracePeriod=False
    )
    assert chosen not in instances(asg, name)


def test_an_unhealthy_instance_stays_while_replacing_is_suspended(
    asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group()
    chosen = instances(asg, name)[0]
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["ReplaceUnhealthy"])

    asg.set_instance_health(InstanceId=chosen, HealthStatus="Unhealthy")
    shown = {each["InstanceId"]: each["HealthStatus"] for each in described(asg, name)["Instances"]}
    assert shown[chosen] == "Unhealthy"

    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["ReplaceUnhealthy"])
    assert chosen not in instances(asg, name)


@pytest.mark.parametrize(("check_type", "is_replaced"), [("EC2", False), ("ELB", True)])
@pytest.mark.usefixtures("no_waiting")
def test_load_balancer_health_counts_only_with_health_check_type_elb(
    asg: Any,
    group: CreateGroup,
    target_group: str,
    facts: Facts,
    check_type: str,
    is_replaced: bool,
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-elb-healthcheck.html"""
    name = group(TargetGroupARNs=[target_group], HealthCheckType=check_type)
    boot_all(asg, name, facts)
    bad = instances(asg, name)[0]
    facts.target_health = {(target_group, bad, 80): TargetHealth("unhealthy", "Target.Timeout")}

    turn(facts)

    assert (bad not in instances(asg, name)) is is_replaced
    if is_replaced:
        assert "ELB system health check failure" in activities(asg, name)[1]["Cause"]


@pytest.mark.parametrize("process", ["ReplaceUnhealthy", "Terminate", "HealthCheck"])
def test_a_failed_check_changes_nothing_while_a_process_is_suspended(
    aws: Any, asg: Any, group: CreateGroup, process: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group(DesiredCapacity=1)
    lost = instances(asg, name)[0]
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=[process])

    aws("ec2").stop_instances(InstanceIds=[lost])
    turn(Facts())

    (shown,) = described(asg, name)["Instances"]
    assert shown["InstanceId"] == lost
    assert shown["HealthStatus"] == ("Healthy" if process == "HealthCheck" else "Unhealthy")
    asg.resume_processes(AutoScalingGroupName=name, ScalingProcesses=[process])
    assert lost not in instances(asg, name)


def test_load_balancer_health_counts_after_the_grace_period(
    asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html"""
    name = group(TargetGroupARNs=[target_group], HealthCheckType="ELB", HealthCheckGracePeriod=300)
    boot_all(asg, name, facts)
    bad = instances(asg, name)[0]
    facts.target_health = {(target_group, bad, 80): TargetHealth("unhealthy", "Target.Timeout")}

    later(facts, 290)
    assert bad in instances(asg, name)
    later(facts, 310)
    assert bad not in instances(asg, name)


@pytest.mark.usefixtures("no_waiting")
def test_a_rebooted_instance_is_not_considered_dead(
    aws: Any, asg: Any, group: CreateGroup, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-reboot.html"""
    monkeypatch.setattr(health, "_BOOT_SECONDS", 0.0)
    name = group(DesiredCapacity=1)
    boot_all(asg, name, facts)
    instance_id = instances(asg, name)[0]

    aws("ec2").reboot_instances(InstanceIds=[instance_id])
    report(facts, instance_id, alive=False)  # of the boot that the reboot ended
    turn(facts)

    assert instances(asg, name) == [instance_id]


def test_a_health_status_that_does_not_exist_is_refused(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html"""
    name = group(DesiredCapacity=1)

    with pytest.raises(ClientError, match="Valid instance health states"):
        asg.set_instance_health(InstanceId=instances(asg, name)[0], HealthStatus="Poorly")
