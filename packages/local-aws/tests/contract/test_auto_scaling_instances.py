"""Instances of a group: replaced when they fail, drained when they leave, moved in and out."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import (
    CreateGroup,
    activities,
    boot_all,
    described,
    end,
    instance_state,
    instances,
    later,
    report,
    targets,
    turn,
    zones,
)
from botocore.exceptions import ClientError

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
    assert instance_state(aws, lost) == "terminated"
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


def test_set_instance_health_respects_the_grace_period_unless_told_not_to(
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
def test_a_rebooted_instance_is_not_held_for_dead(
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


def test_members_are_not_registered_while_that_is_suspended(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""
    name = group(TargetGroupARNs=[target_group], DesiredCapacity=0)
    asg.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["AddToLoadBalancer"])

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)

    assert len(instances(asg, name)) == 1
    assert targets(aws, target_group) == {}


def test_members_are_registered_once_they_are_in_service(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    name = group(TargetGroupARNs=[target_group])
    assert targets(aws, target_group) == {}

    boot_all(asg, name, facts)

    assert targets(aws, target_group) == dict.fromkeys(instances(asg, name), "initial")


def test_a_leaving_instance_drains_before_it_ends(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html"""
    name = group(TargetGroupARNs=[target_group])
    boot_all(asg, name, facts)
    leaving = instances(asg, name)[0]

    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=False
    )
    turn(facts)

    assert targets(aws, target_group)[leaving] == "draining"
    assert instance_state(aws, leaving) == "running"
    assert instances(asg, name, "Terminating") == [leaving]
    assert len(instances(asg, name, "Pending")) == 1


@pytest.mark.usefixtures("no_waiting")
def test_a_drained_instance_ends_and_leaves_the_group(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html"""
    name = group(TargetGroupARNs=[target_group])
    boot_all(asg, name, facts)
    leaving = instances(asg, name)[0]

    asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=False
    )
    assert instance_state(aws, leaving) == "shutting-down"
    end(facts, leaving)

    assert instance_state(aws, leaving) == "terminated"
    assert leaving not in [each["InstanceId"] for each in described(asg, name)["Instances"]]
    activity = activities(asg, name)[-4]
    assert activity["StatusCode"] == "Successful"


def test_termination_with_decrement_is_not_replaced(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html"""
    name = group(MinSize=2)
    leaving, other, _ = instances(asg, name)

    answer = asg.terminate_instance_in_auto_scaling_group(
        InstanceId=leaving, ShouldDecrementDesiredCapacity=True
    )

    assert described(asg, name)["DesiredCapacity"] == 2
    assert len(instances(asg, name)) == 2
    assert "shrinking the capacity from 3 to 2" in answer["Activity"]["Cause"]
    with pytest.raises(ClientError, match="ValidationError"):
        asg.terminate_instance_in_auto_scaling_group(
            InstanceId=other, ShouldDecrementDesiredCapacity=True
        )
    assert len(instances(asg, name)) == 2


def test_an_instance_of_no_group_is_not_found(asg: Any) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html"""
    with pytest.raises(ClientError, match="No managed instance found for i-0123456789abcdef0"):
        asg.terminate_instance_in_auto_scaling_group(
            InstanceId="i-0123456789abcdef0", ShouldDecrementDesiredCapacity=False
        )


@pytest.mark.parametrize("decrement", [True, False])
def test_a_detached_instance_runs_on_outside_the_target_group(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, decrement: bool
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html"""
    name = group(TargetGroupARNs=[target_group])
    detached = instances(asg, name)[0]

    asg.detach_instances(
        AutoScalingGroupName=name,
        InstanceIds=[detached],
        ShouldDecrementDesiredCapacity=decrement,
    )

    assert detached not in instances(asg, name)
    assert len(instances(asg, name)) == (2 if decrement else 3)
    assert instance_state(aws, detached) == "running"
    assert targets(aws, target_group)[detached] == "draining"
    found = aws("ec2").describe_instances(InstanceIds=[detached])["Reservations"]
    tags = {tag["Key"] for tag in found[0]["Instances"][0]["Tags"]}
    assert "aws:autoscaling:groupName" not in tags


def test_an_attached_instance_counts_and_is_registered(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html"""
    name = group(TargetGroupARNs=[target_group])
    launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    attached = launched["Instances"][0]["InstanceId"]

    asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[attached])

    assert described(asg, name)["DesiredCapacity"] == 4
    assert attached in instances(asg, name)
    assert attached in targets(aws, target_group)
    found = aws("ec2").describe_instances(InstanceIds=[attached])["Reservations"]
    tags = {tag["Key"]: tag["Value"] for tag in found[0]["Instances"][0]["Tags"]}
    assert tags == {"aws:autoscaling:groupName": name}
    with pytest.raises(ClientError, match="already part of"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[attached])


def test_an_instance_that_does_not_run_or_is_one_too_many_cannot_be_attached(
    aws: Any, asg: Any, group: CreateGroup
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html"""
    name = group(MaxSize=4)
    ec2 = aws("ec2")
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=2, MaxCount=2)["Instances"]
    first, second = (each["InstanceId"] for each in launched)

    with pytest.raises(ClientError, match="please update the AutoScalingGroup sizes"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[first, second])
    ec2.stop_instances(InstanceIds=[second])
    with pytest.raises(ClientError, match="must be running"):
        asg.attach_instances(AutoScalingGroupName=name, InstanceIds=[second])
    assert described(asg, name)["DesiredCapacity"] == 3


def test_a_member_in_standby_gets_no_traffic_until_it_returns(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html"""
    name = group(TargetGroupARNs=[target_group])
    chosen = instances(asg, name)[0]

    asg.enter_standby(
        AutoScalingGroupName=name, InstanceIds=[chosen], ShouldDecrementDesiredCapacity=True
    )
    assert instances(asg, name, "Standby") == [chosen]
    assert len(instances(asg, name)) == 2
    assert targets(aws, target_group)[chosen] == "draining"

    asg.exit_standby(AutoScalingGroupName=name, InstanceIds=[chosen])
    assert chosen in instances(asg, name)
    assert targets(aws, target_group)[chosen] == "initial"


def test_target_groups_can_be_attached_and_detached_later(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html"""
    name = group()
    asg.attach_load_balancer_target_groups(
        AutoScalingGroupName=name, TargetGroupARNs=[target_group]
    )
    assert set(targets(aws, target_group)) == set(instances(asg, name))

    asg.detach_load_balancer_target_groups(
        AutoScalingGroupName=name, TargetGroupARNs=[target_group]
    )
    assert set(targets(aws, target_group).values()) == {"draining"}


def test_a_target_deregistered_by_hand_stays_so(
    aws: Any, asg: Any, group: CreateGroup, target_group: str, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html"""
    name = group(TargetGroupARNs=[target_group])
    boot_all(asg, name, facts)
    chosen = instances(asg, name)[0]

    aws("elbv2").deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": chosen}])
    turn(facts)

    assert targets(aws, target_group)[chosen] == "draining"


def test_an_ended_instance_leaves_a_target_group_that_is_not_its_group_s(
    aws: Any, asg: Any, group: CreateGroup, target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    name = group(DesiredCapacity=1)
    chosen = instances(asg, name)[0]
    aws("elbv2").register_targets(TargetGroupArn=target_group, Targets=[{"Id": chosen}])

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)
    turn(Facts())

    assert targets(aws, target_group)[chosen] == "draining"


def test_a_protected_instance_is_not_scaled_in(asg: Any, group: CreateGroup) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html"""
    name = group()
    kept = instances(asg, name)[0]
    asg.set_instance_protection(
        AutoScalingGroupName=name, InstanceIds=[kept], ProtectedFromScaleIn=True
    )

    asg.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)

    assert instances(asg, name) == [kept]
