"""Target groups: registration, health as the load balancer sees it, draining, attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from auto_scaling_driver import turn
from botocore.exceptions import ClientError

from local_aws.contract.desired_state import TargetGroup
from local_aws.contract.facts import Facts, InstanceFact, TargetHealth
from local_aws.control_plane import desired
from local_aws.control_plane.lock import LOCK


@pytest.fixture
def elbv2(aws: Any) -> Any:
    return aws("elbv2")


@pytest.fixture
def vpc_id(aws: Any) -> str:
    vpc_id: str = aws("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    return vpc_id


@pytest.fixture
def target_group(elbv2: Any, unique_name: str, vpc_id: str) -> str:
    created = elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=80, VpcId=vpc_id)
    arn: str = created["TargetGroups"][0]["TargetGroupArn"]
    return arn


@pytest.fixture
def listener(elbv2: Any, unique_name: str, subnets: dict[str, str], target_group: str) -> str:
    """A listener that forwards to the target group, in zones a and b only."""
    zones = [subnets["us-east-1a"], subnets["us-east-1b"]]
    balancer = elbv2.create_load_balancer(Name=unique_name, Subnets=zones)["LoadBalancers"][0]
    created = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target_group}],
    )
    arn: str = created["Listeners"][0]["ListenerArn"]
    return arn


@pytest.fixture
def launch(aws: Any, subnets: dict[str, str]) -> Callable[[str], str]:
    def run(zone: str = "us-east-1a") -> str:
        launched = aws("ec2").run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnets[zone]
        )
        instance_id: str = launched["Instances"][0]["InstanceId"]
        return instance_id

    return run


def register(elbv2: Any, target_group: str, *targets: str, **more: Any) -> None:
    elbv2.register_targets(
        TargetGroupArn=target_group, Targets=[{"Id": target, **more} for target in targets]
    )


def health(elbv2: Any, target_group: str, **request: Any) -> dict[tuple[str, int], Any]:
    rows = elbv2.describe_target_health(TargetGroupArn=target_group, **request)
    return {
        (row["Target"]["Id"], row["Target"]["Port"]): (
            row["TargetHealth"]["State"],
            row["TargetHealth"].get("Reason"),
        )
        for row in rows["TargetHealthDescriptions"]
    }


def wanted(arn: str) -> TargetGroup | None:
    with LOCK:
        groups = desired.desired_state().target_groups
    return next((group for group in groups if group.arn == arn), None)


def test_a_target_is_unused_until_a_listener_uses_its_group(
    elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    assert health(elbv2, target_group) == {(instance_id, 80): ("unused", "Target.NotInUse")}
    row = elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"][0]
    assert "not configured to receive traffic" in row["TargetHealth"]["Description"]
    assert wanted(target_group) is None


@pytest.mark.usefixtures("listener")
def test_a_new_target_is_initial(elbv2: Any, target_group: str, launch: Any) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    assert health(elbv2, target_group) == {
        (instance_id, 80): ("initial", "Elb.RegistrationInProgress")
    }


@pytest.mark.usefixtures("listener")
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


@pytest.mark.usefixtures("listener")
def test_a_target_in_a_zone_without_the_load_balancer_is_unused(
    elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    instance_id = launch("us-east-1c")
    register(elbv2, target_group, instance_id)

    assert health(elbv2, target_group)[instance_id, 80] == ("unused", "Target.NotInUse")
    group = wanted(target_group)
    assert group is not None
    assert group.targets == ()


def test_an_address_in_a_zone_without_the_load_balancer_is_unused(
    aws: Any, elbv2: Any, listener: str, launch: Any, unique_name: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""
    ec2 = aws("ec2")
    ids = [launch("us-east-1a"), launch("us-east-1c")]
    addresses = [
        ec2.describe_instances(InstanceIds=[each])["Reservations"][0]["Instances"][0][
            "PrivateIpAddress"
        ]
        for each in ids
    ]
    group = elbv2.create_target_group(
        Name=f"{unique_name}-ip",
        Protocol="HTTP",
        Port=80,
        VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
        TargetType="ip",
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.modify_listener(
        ListenerArn=listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}]
    )
    register(elbv2, group, *addresses)

    assert health(elbv2, group) == {
        (addresses[0], 80): ("initial", "Elb.RegistrationInProgress"),
        (addresses[1], 80): ("unused", "Target.NotInUse"),
    }
    used = wanted(group)
    assert used is not None
    assert [target.target_id for target in used.targets] == addresses[:1]


@pytest.mark.usefixtures("listener")
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


@pytest.mark.usefixtures("listener")
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


@pytest.mark.usefixtures("listener")
def test_a_terminated_instance_is_deregistered(
    aws: Any, elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    aws("ec2").terminate_instances(InstanceIds=[instance_id])

    assert health(elbv2, target_group)[instance_id, 80][0] == "draining"


@pytest.mark.usefixtures("listener")
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
    elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)
    register(elbv2, target_group, instance_id, Port=8080)
    assert set(health(elbv2, target_group)) == {(instance_id, 80), (instance_id, 8080)}

    elbv2.deregister_targets(
        TargetGroupArn=target_group, Targets=[{"Id": instance_id, "Port": 8080}]
    )

    states = {key[1]: row[0] for key, row in health(elbv2, target_group).items()}
    assert states == {80: "unused"}


def test_a_target_that_no_load_balancer_uses_does_not_drain(
    elbv2: Any, target_group: str, launch: Any
) -> None:
    """User Guide, "Deregistration delay": "If a deregistering target has no in-flight requests and
    no active connections, Elastic Load Balancing immediately completes the deregistration
    process"."""
    instance_id = launch()
    register(elbv2, target_group, instance_id)

    elbv2.deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": instance_id}])

    assert health(elbv2, target_group) == {}


@pytest.mark.parametrize(
    ("protocol", "target_type", "preserves"),
    [("TCP", "instance", "true"), ("UDP", "ip", "true"), ("TLS", "ip", "false")],
)
def test_a_group_has_the_attributes_of_its_kind_of_load_balancer(
    elbv2: Any, unique_name: str, vpc_id: str, protocol: str, target_type: str, preserves: str
) -> None:
    """API_TargetGroupAttribute: the keys that "are supported only by Network Load Balancers", and
    those of Application Load Balancers."""
    request = {"Name": unique_name, "Port": 80, "VpcId": vpc_id, "TargetType": target_type}
    group = elbv2.create_target_group(**request, Protocol=protocol)["TargetGroups"][0]

    found = elbv2.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])
    attributes = {each["Key"]: each["Value"] for each in found["Attributes"]}

    assert attributes["preserve_client_ip.enabled"] == preserves
    assert attributes["proxy_protocol_v2.enabled"] == "false"
    assert attributes["deregistration_delay.connection_termination.enabled"] == "false"
    assert attributes["stickiness.type"] == "source_ip"
    assert not {name for name in attributes if name.startswith(("slow_start", "waf", "lb_cookie"))}


@pytest.mark.parametrize("version", ["GRPC", "HTTP2"])
def test_other_protocols_than_http1_for_targets_are_refused_by_name(
    elbv2: Any, unique_name: str, vpc_id: str, version: str
) -> None:
    """API_CreateTargetGroup: ProtocolVersion. The local load balancer sends HTTP/1.1."""
    request = {"Name": unique_name, "Protocol": "HTTP", "Port": 80, "VpcId": vpc_id}
    with pytest.raises(ClientError, match=f"protocol version '{version}' is not emulated"):
        elbv2.create_target_group(**request, ProtocolVersion=version)


def test_the_health_of_named_targets_is_returned(
    elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html"""
    instance_id = launch()
    register(elbv2, target_group, instance_id)
    register(elbv2, target_group, instance_id, Port=8080)

    one = health(elbv2, target_group, Targets=[{"Id": instance_id, "Port": 8080}])
    assert set(one) == {(instance_id, 8080)}
    both = health(elbv2, target_group, Targets=[{"Id": instance_id}])
    assert set(both) == {(instance_id, 80), (instance_id, 8080)}
    other = health(elbv2, target_group, Targets=[{"Id": instance_id, "Port": 90}])
    assert other == {(instance_id, 90): ("unused", "Target.NotRegistered")}
    missing = target_group.replace(":targetgroup/", ":targetgroup/missing-")
    with pytest.raises(ClientError, match="TargetGroupNotFound"):
        health(elbv2, missing)


@pytest.mark.usefixtures("listener")
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
    aws: Any, elbv2: Any, target_group: str, launch: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html"""
    instance_id = launch()
    aws("ec2").stop_instances(InstanceIds=[instance_id])

    with pytest.raises(ClientError, match="InvalidTarget"):
        register(elbv2, target_group, instance_id)
    with pytest.raises(ClientError, match="InvalidTarget"):
        register(elbv2, target_group, "i-0123456789abcdef0")


def test_deregistering_what_is_not_registered_is_no_error(elbv2: Any, target_group: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html"""
    elbv2.deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": "i-0123456789abcdef0"}])


def test_a_group_in_use_cannot_be_deleted(elbv2: Any, target_group: str, listener: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html"""
    with pytest.raises(ClientError, match="ResourceInUse"):
        elbv2.delete_target_group(TargetGroupArn=target_group)

    elbv2.delete_listener(ListenerArn=listener)
    shown = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]
    assert shown["LoadBalancerArns"] == []
    elbv2.delete_target_group(TargetGroupArn=target_group)


@pytest.mark.usefixtures("listener")
def test_a_changed_health_check_takes_effect_in_place(elbv2: Any, target_group: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html"""
    elbv2.modify_target_group(
        TargetGroupArn=target_group,
        HealthCheckPath="/healthcheck?depth=deep",
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=3,
        Matcher={"HttpCode": "200-299"},
    )

    group = wanted(target_group)

    assert group is not None
    check = group.health_check
    assert (check.path, check.interval_seconds) == ("/healthcheck?depth=deep", 10)
    assert (check.healthy_threshold, check.matcher) == (3, "200-299")


@pytest.mark.usefixtures("listener")
def test_attributes_reach_the_data_plane(elbv2: Any, target_group: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"""
    before = wanted(target_group)
    assert before is not None
    assert (before.minimum_healthy_targets, before.slow_start_seconds) == (1, 0)
    rows = elbv2.describe_target_group_attributes(TargetGroupArn=target_group)["Attributes"]
    attributes = {row["Key"]: row["Value"] for row in rows}
    assert attributes["deregistration_delay.timeout_seconds"] == "300"
    routing = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"

    set_attribute(elbv2, target_group, routing, "2")
    set_attribute(elbv2, target_group, "slow_start.duration_seconds", "30")

    group = wanted(target_group)
    assert group is not None
    assert group.minimum_healthy_targets == 2
    assert group.slow_start_seconds == 30


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
            "50",
            "does not emulate",
        ),
        ("slow_start.duration_seconds", "7", "is not valid"),
        ("deregistration_delay.timeout_seconds", "3601", "is not valid"),
    ],
)
def test_an_attribute_that_cannot_be_honoured_is_refused_by_name(
    elbv2: Any, target_group: str, name: str, value: str, message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        set_attribute(elbv2, target_group, name, value)


def test_the_same_request_again_returns_the_same_group(
    elbv2: Any, unique_name: str, vpc_id: str, target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""
    again = elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=80, VpcId=vpc_id)
    assert again["TargetGroups"][0]["TargetGroupArn"] == target_group

    with pytest.raises(ClientError, match="DuplicateTargetGroupName"):
        elbv2.create_target_group(Name=unique_name, Protocol="HTTP", Port=81, VpcId=vpc_id)


@pytest.mark.usefixtures("listener")
def test_ip_targets(elbv2: Any, unique_name: str, vpc_id: str, listener: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html"""
    arn = elbv2.create_target_group(
        Name=f"{unique_name}-ip", Protocol="HTTP", Port=80, VpcId=vpc_id, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.modify_listener(
        ListenerArn=listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}]
    )

    register(elbv2, arn, "172.31.0.9", Port=8080)

    group = wanted(arn)
    assert group is not None
    assert [(target.target_id, target.port) for target in group.targets] == [("172.31.0.9", 8080)]


def set_attribute(elbv2: Any, target_group: str, name: str, value: str) -> None:
    elbv2.modify_target_group_attributes(
        TargetGroupArn=target_group, Attributes=[{"Key": name, "Value": value}]
    )


def run_and_report(launch: Any, facts: Facts) -> str:
    """Launch an instance and report it as booted."""
    instance_id: str = launch()
    facts.instances = {instance_id: InstanceFact(instance_id, 1, True, 1, 8000, "")}
    turn(facts)
    return instance_id
