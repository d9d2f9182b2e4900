"""Load balancers, listeners and rules: addresses that answer, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_balancer import fixed
from refusals import error_of

from local_aws.contract.desired_state import FixedResponse, Forward, LoadBalancer, Redirect, Rule
from local_aws.control_plane import desired
from local_aws.control_plane.lock import LOCK
from local_aws.host import ports

_OK = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}


@pytest.fixture
def load_balancer(elbv2: Any, unique_name: str, subnets: dict[str, str]) -> dict[str, Any]:
    created = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    balancer: dict[str, Any] = created["LoadBalancers"][0]
    return balancer


def listen(elbv2: Any, load_balancer: dict[str, Any], port: int, **action: Any) -> str:
    created = elbv2.create_listener(
        LoadBalancerArn=load_balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=port,
        DefaultActions=[action or _OK],
    )
    arn: str = created["Listeners"][0]["ListenerArn"]
    return arn


def wanted(load_balancer: dict[str, Any]) -> LoadBalancer | None:
    with LOCK:
        balancers = desired.desired_state().load_balancers
    arn = load_balancer["LoadBalancerArn"]
    return next((balancer for balancer in balancers if balancer.arn == arn), None)


def rules(load_balancer: dict[str, Any]) -> tuple[Rule, ...]:
    balancer = wanted(load_balancer)
    assert balancer is not None
    return balancer.listeners[0].rules


def test_the_dns_name_is_where_the_first_listener_answers(
    elbv2: Any, load_balancer: dict[str, Any]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html"""
    listen(elbv2, load_balancer, 80)
    listen(elbv2, load_balancer, 8080)

    balancer = wanted(load_balancer)

    assert balancer is not None
    first, second = balancer.listeners
    assert load_balancer["DNSName"] == f"127.0.0.1:{first.local_port}"
    assert (first.port, second.port) == (80, 8080)
    assert second.local_port not in (0, first.local_port)


def test_a_listener_made_after_the_first_was_deleted_answers_at_the_dns_name(
    elbv2: Any, load_balancer: dict[str, Any]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteListener.html"""
    elbv2.delete_listener(ListenerArn=listen(elbv2, load_balancer, 80))
    listen(elbv2, load_balancer, 8080)

    balancer = wanted(load_balancer)

    assert balancer is not None
    assert load_balancer["DNSName"] == f"127.0.0.1:{balancer.listeners[0].local_port}"


def test_a_load_balancer_becomes_available(elbv2: Any, load_balancer: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html"""
    assert load_balancer["State"]["Code"] == "provisioning"
    assert load_balancer["Scheme"] == "internet-facing"

    waiter = elbv2.get_waiter("load_balancer_available")
    waiter.wait(LoadBalancerArns=[load_balancer["LoadBalancerArn"]])


def test_the_same_request_again_returns_the_same_load_balancer(
    elbv2: Any, load_balancer: dict[str, Any], subnets: dict[str, str]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
    name = load_balancer["LoadBalancerName"]
    again = elbv2.create_load_balancer(Name=name, Subnets=list(subnets.values()))

    assert again["LoadBalancers"][0]["LoadBalancerArn"] == load_balancer["LoadBalancerArn"]


@pytest.mark.parametrize("change", ["subnets", "scheme", "security groups"])
def test_a_name_is_taken_once(
    aws: Any,
    elbv2: Any,
    unique_name: str,
    load_balancer: dict[str, Any],
    subnets: dict[str, str],
    change: str,
) -> None:
    """API_CreateLoadBalancer: DuplicateLoadBalancerName; the words as users reported them."""
    name = load_balancer["LoadBalancerName"]
    group = aws("ec2").create_security_group(
        GroupName=unique_name, Description="another", VpcId=load_balancer["VpcId"]
    )["GroupId"]
    changes = {
        "subnets": {"Subnets": list(subnets.values())[:2]},
        "scheme": {"Scheme": "internal"},
        "security groups": {"SecurityGroups": [group]},
    }
    request_ = {"Name": name, "Subnets": list(subnets.values()), **changes[change]}
    message = f"A load balancer with the same name '{name}' exists, but with different settings"
    refused = error_of(elbv2.create_load_balancer, **request_)
    assert refused == ("DuplicateLoadBalancerName", message)


def test_a_load_balancer_that_does_not_exist(elbv2: Any, load_balancer: dict[str, Any]) -> None:
    """API_DescribeLoadBalancers: one that is missing, beside one that exists."""
    names = [load_balancer["LoadBalancerName"], "missing"]
    refused = error_of(elbv2.describe_load_balancers, Names=names)
    assert refused == ("LoadBalancerNotFound", "Load balancers '[missing]' not found")


def test_subnets_and_security_groups_that_cannot_be(
    aws: Any, elbv2: Any, load_balancer: dict[str, Any], subnets: dict[str, str]
) -> None:
    """API_CreateLoadBalancer, API_SetSubnets and API_SetSecurityGroups."""
    missing = "subnet-0123456789abcdef0"
    block = "172.31.240.0/24"
    same_zone = aws("ec2").create_subnet(
        VpcId=load_balancer["VpcId"], CidrBlock=block, AvailabilityZone="us-east-1a"
    )["Subnet"]["SubnetId"]
    first = subnets["us-east-1a"]
    expected = {
        (first, missing): ("SubnetNotFound", f"The subnet ID '{missing}' does not exist"),
        (first,): (
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        ),
        (first, same_zone): (
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        ),
    }
    arn = load_balancer["LoadBalancerArn"]
    for wanted_subnets, refusal in expected.items():
        create = error_of(elbv2.create_load_balancer, Name="x", Subnets=[*wanted_subnets])
        change = error_of(elbv2.set_subnets, LoadBalancerArn=arn, Subnets=[*wanted_subnets])
        assert (create, change) == (refusal, refusal)
    aws("ec2").delete_subnet(SubnetId=same_zone)

    group = "sg-0123456789abcdef0"
    refusal = ("InvalidSecurityGroup", f"The security group '{group}' does not exist")
    zones = list(subnets.values())
    made = error_of(elbv2.create_load_balancer, Name="x", Subnets=zones, SecurityGroups=[group])
    changed = error_of(elbv2.set_security_groups, LoadBalancerArn=arn, SecurityGroups=[group])
    assert (made, changed) == (refusal, refusal)


def test_subnets_are_named_in_one_way_and_without_addresses(
    elbv2: Any, subnets: dict[str, str]
) -> None:
    """API_CreateLoadBalancer, SubnetMappings."""
    zones = list(subnets.values())
    mappings = [{"SubnetId": zone} for zone in zones]
    code, message = error_of(
        elbv2.create_load_balancer, Name="x", Subnets=zones, SubnetMappings=mappings
    )
    assert (code, "but not both" in message) == ("ValidationError", True)
    mappings[0]["AllocationId"] = "eipalloc-0123456789abcdef0"
    code, message = error_of(elbv2.create_load_balancer, Name="x", SubnetMappings=mappings)
    assert (code, "Elastic IP" in message) == ("InvalidConfigurationRequest", True)


def test_security_groups_and_target_groups_are_of_its_vpc(
    aws: Any, elbv2: Any, unique_name: str, load_balancer: dict[str, Any]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html;
    the words as users reported them."""
    ec2, arn = aws("ec2"), load_balancer["LoadBalancerArn"]
    vpc = ec2.create_vpc(CidrBlock="10.78.0.0/16")["Vpc"]["VpcId"]
    [security_group] = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[
        "SecurityGroups"
    ]
    refused = error_of(
        elbv2.set_security_groups,
        LoadBalancerArn=arn,
        SecurityGroups=[security_group["GroupId"]],
    )
    message = "One or more security groups are invalid"
    assert refused == ("InvalidConfigurationRequest", message)

    group = {"Name": f"{unique_name}-else", "Protocol": "HTTP", "Port": 80, "VpcId": vpc}
    elsewhere = elbv2.create_target_group(**group)["TargetGroups"][0]["TargetGroupArn"]
    forwards = {"Type": "forward", "TargetGroupArn": elsewhere}
    refused = error_of(listen, elbv2=elbv2, load_balancer=load_balancer, port=80, **forwards)
    message = f"Target group '{elsewhere}' is in a different VPC than load balancer '{arn}'"
    assert refused == ("InvalidConfigurationRequest", message)
    elbv2.delete_target_group(TargetGroupArn=elsewhere)
    ec2.delete_vpc(VpcId=vpc)


def test_a_target_group_is_of_one_load_balancer(
    elbv2: Any,
    unique_name: str,
    load_balancer: dict[str, Any],
    target_group: str,
    subnets: dict[str, str],
) -> None:
    """ "Quotas for your Application Load Balancers"; the words as users reported them."""
    forwards = {"Type": "forward", "TargetGroupArn": target_group}
    first = listen(elbv2, load_balancer, 80, **forwards)
    listen(elbv2, load_balancer, 81, **forwards)
    request_ = {"Name": f"{unique_name}-2", "Subnets": list(subnets.values())}
    [other] = elbv2.create_load_balancer(**request_)["LoadBalancers"]
    listener = listen(elbv2, other, 80)
    conditions = [{"Field": "path-pattern", "Values": ["/a"]}]
    rule = {"ListenerArn": listener, "Priority": 1, "Conditions": conditions}
    for call, arguments in (
        (elbv2.create_rule, {**rule, "Actions": [forwards]}),
        (elbv2.modify_listener, {"ListenerArn": listener, "DefaultActions": [forwards]}),
    ):
        code, message = error_of(call, **arguments)
        assert code == "TargetGroupAssociationLimit"
        assert message.endswith(
            f"cannot be associated with more than one load balancer: {target_group}"
        )
    assert elbv2.describe_listeners(ListenerArns=[first])["Listeners"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"Name": "one-zone", "subnets": 1}, "two different Availability Zones"),
        ({"Name": "n" * 33, "subnets": 2}, "longer than '32'"),
        ({"Name": "internal-web", "subnets": 2}, "cannot begin with 'internal-'"),
        ({"Name": "network", "subnets": 2, "Type": "network"}, "'network' is not emulated"),
    ],
)
def test_a_load_balancer_that_cannot_be(
    elbv2: Any, subnets: dict[str, str], request_: dict[str, Any], message: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
    count = request_.pop("subnets")
    with pytest.raises(ClientError, match=message):
        elbv2.create_load_balancer(Subnets=list(subnets.values())[:count], **request_)
    with pytest.raises(ClientError, match="LoadBalancerNotFound"):
        elbv2.describe_load_balancers(Names=[request_["Name"]])


def test_deletion_protection(elbv2: Any, load_balancer: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"""
    arn = load_balancer["LoadBalancerArn"]

    def protect(value: str) -> None:
        attribute = {"Key": "deletion_protection.enabled", "Value": value}
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])

    protect("true")
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        elbv2.delete_load_balancer(LoadBalancerArn=arn)
    protect("false")
    elbv2.delete_load_balancer(LoadBalancerArn=arn)
    assert wanted(load_balancer) is None


def test_the_idle_timeout_reaches_the_data_plane(elbv2: Any, load_balancer: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""
    elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=load_balancer["LoadBalancerArn"],
        Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "7"}],
    )

    balancer = wanted(load_balancer)
    assert balancer is not None
    assert balancer.idle_timeout_seconds == 7


def test_two_listeners_cannot_have_one_port(elbv2: Any, load_balancer: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html"""
    listen(elbv2, load_balancer, 80)
    other = listen(elbv2, load_balancer, 81)

    arn = load_balancer["LoadBalancerArn"]
    message = f"A listener already exists on this port for this load balancer '{arn}'"
    actions = [fixed("another")]
    refused = error_of(
        elbv2.create_listener,
        LoadBalancerArn=arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=actions,
    )
    assert refused == ("DuplicateListener", message)
    refused = error_of(elbv2.modify_listener, ListenerArn=other, Port=80)
    assert refused == ("ValidationError", "Listener port '80' is already in use")


def test_the_same_request_again_returns_the_same_listener(
    elbv2: Any, load_balancer: dict[str, Any]
) -> None:
    """API_CreateListener: "This operation is idempotent"."""
    assert listen(elbv2, load_balancer, 80) == listen(elbv2, load_balancer, 80)


def test_a_listener_s_action_changes_at_run_time(
    elbv2: Any, load_balancer: dict[str, Any], new_target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html"""
    listener = listen(elbv2, load_balancer, 80)
    assert rules(load_balancer)[0].action == FixedResponse(200, "text/plain", "")

    elbv2.modify_listener(
        ListenerArn=listener,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": new_target_group}],
    )

    assert rules(load_balancer)[0].action == Forward(((new_target_group, 1),))


def test_rules_come_in_the_order_of_their_priority_and_the_default_last(
    elbv2: Any, load_balancer: dict[str, Any], new_target_group: str
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html"""
    listener = listen(elbv2, load_balancer, 80)
    elbv2.create_rule(
        ListenerArn=listener,
        Priority=20,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com"]}}],
        Actions=[
            {
                "Type": "redirect",
                "RedirectConfig": {"Path": "/new", "StatusCode": "HTTP_301"},
            }
        ],
    )
    elbv2.create_rule(
        ListenerArn=listener,
        Priority=3,
        Conditions=[
            {"Field": "path-pattern", "Values": ["/api/*"]},
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example", "b.example"]}},
        ],
        Actions=[
            {
                "Type": "forward",
                "ForwardConfig": {
                    "TargetGroups": [{"TargetGroupArn": new_target_group, "Weight": 3}]
                },
            }
        ],
    )

    assert rules(load_balancer) == (
        Rule(3, ("/api/*",), ("a.example", "b.example"), Forward(((new_target_group, 3),))),
        Rule(
            20,
            (),
            ("*.example.com",),
            Redirect("#{protocol}", "#{host}", "#{port}", "/new", "#{query}", 301),
        ),
        Rule(None, (), (), FixedResponse(200, "text/plain", "")),
    )


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            {
                "Type": "authenticate-oidc",
                "AuthenticateOidcConfig": {
                    "Issuer": "https://issuer.example",
                    "AuthorizationEndpoint": "https://issuer.example/a",
                    "TokenEndpoint": "https://issuer.example/t",
                    "UserInfoEndpoint": "https://issuer.example/u",
                    "ClientId": "client",
                },
            },
            "'authenticate-oidc' is not emulated",
        ),
    ],
)
def test_an_action_that_is_not_emulated_is_refused_by_name(
    elbv2: Any, load_balancer: dict[str, Any], action: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        listen(elbv2, load_balancer, 80, **action)

    listener = listen(elbv2, load_balancer, 80)
    with pytest.raises(ClientError, match=message):
        elbv2.modify_listener(ListenerArn=listener, DefaultActions=[action])


def test_without_security_groups_it_has_the_default_one(
    aws: Any, load_balancer: dict[str, Any]
) -> None:
    """User Guide for Application Load Balancers, "Security groups": the VPC's default group."""
    [group] = aws("ec2").describe_security_groups(
        Filters=[
            {"Name": "group-name", "Values": ["default"]},
            {"Name": "vpc-id", "Values": [load_balancer["VpcId"]]},
        ]
    )["SecurityGroups"]

    assert load_balancer["SecurityGroups"] == [group["GroupId"]]


def test_more_load_balancers_are_created_than_there_are_ports(
    elbv2: Any, unique_name: str, subnets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load balancer that is deleted has no address any more: API_DeleteLoadBalancer."""
    with LOCK:
        desired.desired_state()  # those of other tests have their ports
    there = [ports.free_port() for _ in range(2)]
    monkeypatch.setattr(ports, "_CANDIDATES", there)
    monkeypatch.setattr(ports, "_in_use", set())
    monkeypatch.setattr(ports, "_given_back", {})
    for number in range(3):
        made = elbv2.create_load_balancer(
            Name=f"{unique_name}-{number}", Subnets=list(subnets.values())
        )
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        for port in (80, 81, 81):
            listener = elbv2.create_listener(
                LoadBalancerArn=arn, Protocol="HTTP", Port=port, DefaultActions=[_OK]
            )["Listeners"][0]["ListenerArn"]
            with LOCK:
                desired.desired_state()
            if port == 81:
                elbv2.delete_listener(ListenerArn=listener)
        elbv2.delete_load_balancer(LoadBalancerArn=arn)
    assert ports._in_use == set()
