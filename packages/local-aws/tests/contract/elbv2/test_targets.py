"""Targets: registered, their health as the load balancer sees it, draining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from auto_scaling_driver import turn
from botocore.exceptions import ClientError
from refusals import error_of
from target_group_driver import health, register, set_attribute, wanted

from local_aws.contract.facts import Facts, InstanceFact, TargetHealth


@pytest.fixture
def launch(aws: Any, subnets: dict[str, str]) -> Callable[[str], str]:
    def run(zone: str = "us-east-1a") -> str:
        launched = aws("ec2").run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnets[zone]
        )
        instance_id: str = launched["Instances"][0]["InstanceId"]
        return instance_id

    return run


def run_and_report(launch: Any, facts: Facts) -> str:
    """Launch an instance and report it as booted."""
    instance_id: str = launch()
    facts.instances = {instance_id: InstanceFact(instance_id, 1, True, 1, 8000, "")}
    turn(facts)
    return instance_id


def forward_from_two_zones(
    elbv2: Any, name: str, subnets: dict[str, str], target_group: str
) -> None:
    """Create a load balancer in zones a and b only, whose listener forwards to the group."""
    zones = [subnets["us-east-1a"], subnets["us-east-1b"]]
    [balancer] = elbv2.create_load_balancer(Name=name, Subnets=zones)["LoadBalancers"]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target_group}],
    )


def test_a_target_is_unused_until_a_listener_uses_its_group(
    elbv2: Any, new_target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html"""
    instance_id = launch()
    register(elbv2, new_target_group, instance_id)

    assert health(elbv2, new_target_group) == {(instance_id, 80): ("unused", "Target.NotInUse")}
    described = elbv2.describe_target_health(TargetGroupArn=new_target_group)
    [row] = described["TargetHealthDescriptions"]
    assert "not configured to receive traffic" in row["TargetHealth"]["Description"]
    assert wanted(new_target_group) is None


def test_a_new_target_is_initial(elbv2: Any, target_group: str, launch: Any) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    assert health(elbv2, target_group) == {
        (instance_id, 80): ("initial", "Elb.RegistrationInProgress")
    }


def test_health_is_what_the_load_balancer_reports(
    elbv2: Any, target_group: str, launch: Any, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html"""
    instance_id = run_and_report(launch, facts)
    register(elbv2, target_group, instance_id)
    seen = TargetHealth(
        "unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"
    )
    facts.target_health = {(target_group, instance_id, 80): seen}

    row = elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"][0]

    assert row["TargetHealth"] == {
        "State": seen.state,
        "Reason": seen.reason,
        "Description": seen.description,
    }
    assert row["HealthCheckPort"] == "80"


def test_a_target_in_a_zone_without_the_load_balancer_is_unused(
    elbv2: Any, new_target_group: str, launch: Any, subnets: dict[str, str], unique_name: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    forward_from_two_zones(elbv2, unique_name, subnets, new_target_group)
    instance_id = launch("us-east-1c")
    register(elbv2, new_target_group, instance_id)

    assert health(elbv2, new_target_group)[instance_id, 80] == ("unused", "Target.NotInUse")
    group = wanted(new_target_group)
    assert group is not None
    assert group.targets == ()


def test_an_address_in_a_zone_without_the_load_balancer_is_unused(
    ec2: Any, elbv2: Any, launch: Any, subnets: dict[str, str], unique_name: str, default_vpc: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    ids = [launch("us-east-1a"), launch("us-east-1c")]
    addresses = [
        ec2.describe_instances(InstanceIds=[each])["Reservations"][0]["Instances"][0][
            "PrivateIpAddress"
        ]
        for each in ids
    ]
    group = elbv2.create_target_group(
        Name=unique_name, Protocol="HTTP", Port=80, VpcId=default_vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    forward_from_two_zones(elbv2, unique_name, subnets, group)
    register(elbv2, group, *addresses)

    assert health(elbv2, group) == {
        (addresses[0], 80): ("initial", "Elb.RegistrationInProgress"),
        (addresses[1], 80): ("unused", "Target.NotInUse"),
    }
    used = wanted(group)
    assert used is not None
    assert [target.target_id for target in used.targets] == addresses[:1]


def test_a_stopped_instance_stays_registered_but_unused(
    aws: Any, elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    aws("ec2").stop_instances(InstanceIds=[instance_id])

    assert health(elbv2, target_group)[instance_id, 80] == ("unused", "Target.InvalidState")
    group = wanted(target_group)
    assert group is not None
    assert group.targets == ()


def test_a_deregistered_target_is_draining_until_the_delay_is_over(
    elbv2: Any, target_group: str, launch: Any, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"""
    instance_id = run_and_report(launch, facts)
    register(elbv2, target_group, instance_id)
    target = {"Id": instance_id}

    elbv2.deregister_targets(TargetGroupArn=target_group, Targets=[target])
    turn(facts)
    assert health(elbv2, target_group) == {
        (instance_id, 80): ("draining", "Target.DeregistrationInProgress")
    }

    set_attribute(elbv2, target_group, "deregistration_delay.timeout_seconds", "0")
    register(elbv2, target_group, instance_id)
    elbv2.deregister_targets(TargetGroupArn=target_group, Targets=[target])
    turn(facts)
    assert health(elbv2, target_group) == {}
    assert health(elbv2, target_group, Targets=[target])[instance_id, 80] == (
        "unused",
        "Target.NotRegistered",
    )


def test_a_terminated_instance_is_deregistered(
    aws: Any, elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    aws("ec2").terminate_instances(InstanceIds=[instance_id])

    assert health(elbv2, target_group)[instance_id, 80][0] == "draining"


def test_a_target_whose_instance_has_ended_is_draining_when_it_is_named(
    aws: Any, elbv2: Any, target_group: str, launch: Any, facts: Facts
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    Answers of AWS, as recorded: asked for, it is draining for long after its delay."""
    set_attribute(elbv2, target_group, "deregistration_delay.timeout_seconds", "0")
    instance_id = run_and_report(launch, facts)
    register(elbv2, target_group, instance_id)

    aws("ec2").terminate_instances(InstanceIds=[instance_id])
    turn(facts)

    assert health(elbv2, target_group) == {}
    for target in ({"Id": instance_id}, {"Id": instance_id, "Port": 80}):
        assert health(elbv2, target_group, Targets=[target]) == {
            (instance_id, 80): ("draining", "Target.DeregistrationInProgress")
        }


def test_one_instance_can_be_registered_at_several_ports(
    elbv2: Any, new_target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    instance_id = launch()
    register(elbv2, new_target_group, instance_id)
    register(elbv2, new_target_group, instance_id, Port=8080)
    assert set(health(elbv2, new_target_group)) == {(instance_id, 80), (instance_id, 8080)}

    elbv2.deregister_targets(
        TargetGroupArn=new_target_group, Targets=[{"Id": instance_id, "Port": 8080}]
    )

    states = {key[1]: row[0] for key, row in health(elbv2, new_target_group).items()}
    assert states == {80: "unused"}


def test_a_target_that_no_load_balancer_uses_does_not_drain(
    elbv2: Any, new_target_group: str, launch: Any
) -> None:
    """User Guide, "Deregistration delay": "If a deregistering target has no in-flight requests and
    no active connections, Elastic Load Balancing immediately completes the deregistration
    process"."""
    instance_id = launch()
    register(elbv2, new_target_group, instance_id)

    elbv2.deregister_targets(TargetGroupArn=new_target_group, Targets=[{"Id": instance_id}])

    assert health(elbv2, new_target_group) == {}


def test_the_health_of_named_targets_is_returned(
    elbv2: Any, new_target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html"""
    instance_id = launch()
    register(elbv2, new_target_group, instance_id)
    register(elbv2, new_target_group, instance_id, Port=8080)

    one = health(elbv2, new_target_group, Targets=[{"Id": instance_id, "Port": 8080}])
    assert set(one) == {(instance_id, 8080)}
    both = health(elbv2, new_target_group, Targets=[{"Id": instance_id}])
    assert set(both) == {(instance_id, 80), (instance_id, 8080)}
    other = health(elbv2, new_target_group, Targets=[{"Id": instance_id, "Port": 90}])
    assert other == {(instance_id, 90): ("unused", "Target.NotRegistered")}
    missing = new_target_group.replace(":targetgroup/", ":targetgroup/missing-")
    with pytest.raises(ClientError, match="TargetGroupNotFound"):
        health(elbv2, missing)


def test_a_target_that_is_registered_again_does_not_drain(
    elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)
    elbv2.deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": instance_id}])

    register(elbv2, target_group, instance_id)

    rows = elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    assert [row["TargetHealth"]["State"] for row in rows] == ["initial"]


def test_an_instance_that_does_not_run_cannot_be_registered(
    aws: Any, elbv2: Any, new_target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html"""
    instance_id = launch()
    aws("ec2").stop_instances(InstanceIds=[instance_id])

    missing, malformed = "i-0123456789abcdef0", "web-1"
    expected = {
        instance_id: (
            "InvalidTarget",
            (
                "The following targets are not in a running state and cannot be registered: "
                f"'{instance_id}'"
            ),
        ),
        missing: ("InvalidTarget", f"The following instances do not exist: '{missing}'"),
        malformed: ("ValidationError", f"Instance ID '{malformed}' is not valid"),
    }
    for target, refusal in expected.items():
        request_ = {"TargetGroupArn": new_target_group, "Targets": [{"Id": target}]}
        assert error_of(elbv2.register_targets, **request_) == refusal


def test_an_instance_of_another_vpc_cannot_be_registered(
    aws: Any, elbv2: Any, unique_name: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    group = {"Name": f"{unique_name}-else", "Protocol": "HTTP", "Port": 80, "VpcId": vpc}
    [made] = elbv2.create_target_group(**group)["TargetGroups"]
    instance_id = launch()
    request_ = {"TargetGroupArn": made["TargetGroupArn"], "Targets": [{"Id": instance_id}]}
    assert error_of(elbv2.register_targets, **request_) == (
        "InvalidTarget",
        f"The following targets are not in the target group VPC '{vpc}': '{instance_id}'",
    )
    elbv2.delete_target_group(TargetGroupArn=made["TargetGroupArn"])
    ec2.delete_vpc(VpcId=vpc)


def test_deregistering_what_is_not_registered_is_no_error(
    elbv2: Any, new_target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html"""
    elbv2.deregister_targets(
        TargetGroupArn=new_target_group, Targets=[{"Id": "i-0123456789abcdef0"}]
    )


def test_ip_targets(elbv2: Any, unique_name: str, default_vpc: str, listener: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html"""
    arn = elbv2.create_target_group(
        Name=f"{unique_name}-ip", Protocol="HTTP", Port=80, VpcId=default_vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.modify_listener(
        ListenerArn=listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}]
    )

    register(elbv2, arn, "172.31.0.9", Port=8080)

    group = wanted(arn)
    assert group is not None
    assert [(target.target_id, target.port) for target in group.targets] == [("172.31.0.9", 8080)]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"Id": "8.8.8.8", "AvailabilityZone": "all"}, "must be in a subnet of VPC"),
        (
            {"Id": "10.250.0.1"},
            "is required for IP address '10.250.0.1' because it is not in the VPC",
        ),
        ({"Id": "10.250.0.1", "AvailabilityZone": "all"}, None),
        ({"Id": "172.31.0.9"}, None),
        ({"Id": "127.0.0.1"}, None),
    ],
)
def test_addresses_are_private(
    elbv2: Any, unique_name: str, default_vpc: str, target: dict[str, str], message: str | None
) -> None:
    """ "Target type" in
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html,
    and API_TargetDescription; loopback addresses are of this machine."""
    group = {"Name": f"{unique_name}-ip", "Protocol": "HTTP", "Port": 80, "VpcId": default_vpc}
    [made] = elbv2.create_target_group(**group, TargetType="ip")["TargetGroups"]
    request_ = {"TargetGroupArn": made["TargetGroupArn"], "Targets": [target]}
    if message:
        code, words = error_of(elbv2.register_targets, **request_)
        assert code == "ValidationError"
        assert message in words
    else:
        elbv2.register_targets(**request_)
    elbv2.delete_target_group(TargetGroupArn=made["TargetGroupArn"])
