"""What the API refuses before the load balancer would refuse it: AWS's limits."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.contract.facts import Facts

ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/no/1"


@pytest.fixture(scope="module")
def elbv2(unchecked_elbv2: Any) -> Any:
    return unchecked_elbv2


@pytest.fixture
def in_use(elbv2: Any, target_group: str, listener: str) -> dict[str, str]:
    """The ARNs of a target group, its load balancer and the listener between them."""
    [group] = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"]
    [balancer] = group["LoadBalancerArns"]
    return {"target_group": target_group, "load_balancer": balancer, "listener": listener}


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    answer = error.value.response
    assert 400 <= answer["ResponseMetadata"]["HTTPStatusCode"] < 500
    assert "\n" not in answer["Error"]["Message"]
    return str(answer["Error"]["Message"])


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"HealthCheckIntervalSeconds": 0}, "greater than or equal to 1"),
        ({"HealthCheckIntervalSeconds": -1}, "greater than or equal to 1"),
        ({"HealthCheckIntervalSeconds": 10**9}, "less than or equal to 300"),
        ({"HealthCheckTimeoutSeconds": 1}, "greater than or equal to 2"),
        ({"HealthCheckTimeoutSeconds": 121}, "less than or equal to 120"),
        ({"HealthCheckTimeoutSeconds": 30}, "interval must be greater than the timeout"),
        (
            {"HealthCheckIntervalSeconds": 1, "HealthCheckTimeoutSeconds": 6},
            "interval must be greater than the timeout",
        ),
        ({"HealthyThresholdCount": 1}, "greater than or equal to 2"),
        ({"UnhealthyThresholdCount": 11}, "less than or equal to 10"),
        ({"HealthCheckPath": "health"}, "must begin with a '/'"),
        ({"HealthCheckPath": "/a b"}, "without spaces"),
        ({"HealthCheckPath": "/a\n"}, "without spaces"),
        ({"HealthCheckPath": "/ä"}, "printable ASCII"),
        ({"HealthCheckPath": "/" + "a" * 1024}, "must begin with a '/'"),
        ({"HealthCheckPort": "0"}, "greater than or equal to 1"),
        ({"HealthCheckPort": "65536"}, "less than or equal to 65535"),
        ({"HealthCheckPort": "http"}, "is not a whole number"),
        ({"Matcher": {"HttpCode": "600"}}, "'600' must be within '200-499'"),
        ({"Matcher": {"HttpCode": "199"}}, "'199' must be within '200-499'"),
        ({"Matcher": {"HttpCode": "300-200"}}, "must be within '200-499'"),
        ({"Matcher": {"HttpCode": "200,"}}, "must be within '200-499'"),
        ({"Matcher": {"HttpCode": "200\n"}}, "must be within '200-499'"),
    ],
)
def test_health_check_settings(
    elbv2: Any, target_group: str, setting: dict[str, Any], message: str, default_vpc: str
) -> None:
    """API_CreateTargetGroup and API_ModifyTargetGroup: the ranges of each parameter. Only the
    interval may be shorter here than AWS's 5 s."""
    group = {"Name": "limits", "Protocol": "HTTP", "Port": 80, "VpcId": default_vpc}

    assert message in refused(elbv2.create_target_group, **group, **setting)
    assert message in refused(elbv2.modify_target_group, TargetGroupArn=target_group, **setting)


@pytest.mark.parametrize("name", ["a\n", "a b", "-a", "a-", "a" * 33, "", "ä"])
def test_names(elbv2: Any, subnets: dict[str, str], name: str, default_vpc: str) -> None:
    """API_CreateTargetGroup, API_CreateLoadBalancer: 32 characters, alphanumeric or hyphens, not
    at either end."""

    for message in (
        refused(elbv2.create_target_group, Name=name, Protocol="HTTP", Port=80, VpcId=default_vpc),
        refused(elbv2.create_load_balancer, Name=name, Subnets=list(subnets.values())[:2]),
    ):
        assert "name" in message.lower()


def forward(*weights: int) -> dict[str, Any]:
    groups = [{"TargetGroupArn": ARN, "Weight": weight} for weight in weights]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def fixed(**config: Any) -> dict[str, Any]:
    return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", **config}}


def redirect(**config: Any) -> dict[str, Any]:
    return {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"Type": "forward"}, "A target group ARN must be specified"),
        (forward(1000), "less than or equal to 999"),
        (forward(-1), "greater than or equal to 0"),
        (forward(*range(6)), "can only have '5' target groups"),
        ({"Type": "fixed-response"}, "specify the following fields: 'FixedResponseConfig'"),
        (fixed(StatusCode="302"), "statusCode"),
        (fixed(StatusCode="200\n"), "statusCode"),
        (fixed(ContentType="text/x"), "The ContentType must be one of"),
        (fixed(MessageBody="x" * 1025), "less than or equal to 1024"),
        ({"Type": "redirect"}, "specify the following fields: 'RedirectConfig'"),
        (redirect(StatusCode="HTTP_307"), "statusCode"),
        (redirect(Protocol="ftp"), "protocol"),
        (redirect(Port="0"), "greater than or equal to 1"),
        (redirect(Port="70000"), "less than or equal to 65535"),
        (redirect(Host="a\r\nb"), "host"),
        (redirect(Host="a" * 129), "host"),
        (redirect(Host="a b"), "The Host parameter must be a valid host name"),
        (redirect(Host="#{host}.#{host}"), "up to one of each of these placeholders: '#{host}'"),
        (redirect(Host="#{path}"), "up to one of each of these placeholders: '#{host}'"),
        (redirect(Path="no-slash"), "path"),
        (redirect(Path="#{path}"), "The Path parameter must be a valid path, should start with"),
        (redirect(Path="/#{path}/#{path}"), "'#{path}', '#{host}', '#{port}'."),
        (redirect(Path="/#{query}"), "'#{path}', '#{host}', '#{port}'."),
        (redirect(Path="/a\nb"), "path"),
        (redirect(Query="a\nb"), "query"),
    ],
)
def test_actions(elbv2: Any, in_use: dict[str, str], action: dict[str, Any], message: str) -> None:
    """API_Action, API_FixedResponseActionConfig, API_RedirectActionConfig, API_TargetGroupTuple."""
    rule = {
        "ListenerArn": in_use["listener"],
        "Priority": 7,
        "Conditions": [{"Field": "path-pattern", "Values": ["/x"]}],
    }
    assert message in refused(elbv2.create_rule, **rule, Actions=[action])
    listener = {"ListenerArn": in_use["listener"], "DefaultActions": [action]}
    assert message in refused(elbv2.modify_listener, **listener)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"Protocol": "HTTP", "Port": "80"},
        {
            "Protocol": "#{protocol}",
            "Host": "#{host}",
            "Port": "#{port}",
            "Path": "/#{path}",
            "Query": "more=1&#{query}",
        },
    ],
    ids=["nothing", "the listener's own", "placeholders"],
)
def test_a_redirect_to_where_it_comes_from(
    elbv2: Any, in_use: dict[str, str], config: dict[str, str]
) -> None:
    """API_RedirectActionConfig: protocol, host, port or path must change; the words as users
    reported them."""
    message = "The redirect configuration is not valid because it creates a loop."
    rule = {
        "ListenerArn": in_use["listener"],
        "Priority": 7,
        "Conditions": [{"Field": "path-pattern", "Values": ["/x"]}],
    }
    assert refused(elbv2.create_rule, **rule, Actions=[redirect(**config)]) == message
    listener = {"ListenerArn": in_use["listener"], "DefaultActions": [redirect(**config)]}
    assert refused(elbv2.modify_listener, **listener) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Priority": 0}, "greater than or equal to 1"),
        ({"Priority": 50_001}, "less than or equal to 50000"),
        ({"Actions": []}, "At least one action must be specified"),
        ({"Conditions": [{"Field": "path-pattern", "Values": [""]}]}, "is empty"),
        ({"Conditions": [{"Field": "path-pattern", "Values": ["/a\n"]}]}, "one that is not valid"),
        ({"Conditions": [{"Field": "path-pattern", "Values": ["/a b"]}]}, "one that is not valid"),
        ({"Conditions": [{"Field": "host-header", "Values": ["a/b"]}]}, "one that is not valid"),
        ({"Conditions": [{"Field": "host-header", "Values": ["a" * 129]}]}, "128 characters"),
        ({"Conditions": [{"Field": "host-header", "Values": ["localhost"]}]}, "must have a '.'"),
        ({"Conditions": [{"Field": "host-header", "Values": ["a.b1"]}]}, "only letters after"),
        (
            {
                "Conditions": [
                    {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"] * 6}}
                ]
            },
            "can only have '5' condition values",
        ),
    ],
)
def test_rules(elbv2: Any, in_use: dict[str, str], change: dict[str, Any], message: str) -> None:
    """API_CreateRule, API_HostHeaderConditionConfig, and "Quotas for your Application Load
    Balancers": 5 condition values."""
    rule = {
        "ListenerArn": in_use["listener"],
        "Priority": 7,
        "Conditions": [{"Field": "path-pattern", "Values": ["/x"]}],
        "Actions": [fixed()],
    }
    assert message in refused(elbv2.create_rule, **{**rule, **change})


def test_attributes_and_ports(elbv2: Any, in_use: dict[str, str]) -> None:
    """API_LoadBalancerAttribute: idle_timeout 1-4000 s; API_TargetGroupAttribute: deregistration
    delay 0-3600 s, slow start 0 or 30-900 s; ports 1-65535."""
    balancer = in_use["load_balancer"]
    for value in ("0", "4001", "-1", "x", "1.5", "\u00b2"):
        refused(
            elbv2.modify_load_balancer_attributes,
            LoadBalancerArn=balancer,
            Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": value}],
        )
    for key, values in {
        "deregistration_delay.timeout_seconds": ("-1", "3601", "x", "\u00b2"),
        "slow_start.duration_seconds": ("1", "901", "-1", "x"),
    }.items():
        for value in values:
            refused(
                elbv2.modify_target_group_attributes,
                TargetGroupArn=in_use["target_group"],
                Attributes=[{"Key": key, "Value": value}],
            )
    for port in (0, 65_536, -1):
        refused(
            elbv2.create_listener,
            LoadBalancerArn=balancer,
            Protocol="HTTP",
            Port=port,
            DefaultActions=[fixed()],
        )
        refused(
            elbv2.register_targets,
            TargetGroupArn=in_use["target_group"],
            Targets=[{"Id": "i-1", "Port": port}],
        )


def test_what_the_data_plane_does_not_take_is_seen_in_the_state(
    aws: Any, in_use: dict[str, str], facts: Facts
) -> None:
    """API_LoadBalancerState: active_impaired, with a Reason."""
    elbv2 = aws("elbv2")
    elbv2.describe_load_balancers()  # from here on it is active
    facts.load_balancing_refusal = "Envoy says no"

    balancers = elbv2.describe_load_balancers(LoadBalancerArns=[in_use["load_balancer"]])
    assert balancers["LoadBalancers"][0]["State"] == {
        "Code": "active_impaired",
        "Reason": "Envoy says no",
    }


@pytest.mark.parametrize("size", [0, 401])
def test_a_page_has_some_rows(elbv2: Any, size: int) -> None:
    """API_DescribeLoadBalancers, PageSize: from 1 to 400."""
    with pytest.raises(ClientError, match=r"ValidationError.*'pageSize' failed to satisfy"):
        elbv2.describe_load_balancers(PageSize=size)
