"""Transforms of rules: the URL and the host that a target gets.

All of it: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_balancer import LiveBalancer, fixed, forward
from load_balancing_world import Target
from refusals import assert_refused
from stack_driver import StackDriver

Transforms = list[dict[str, Any]]


def url(regex: str, replace: str) -> dict[str, Any]:
    rewrite = {"Regex": regex, "Replace": replace}
    return {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [rewrite]}}


def host(regex: str, replace: str) -> dict[str, Any]:
    rewrite = {"Regex": regex, "Replace": replace}
    return {"Type": "host-header-rewrite", "HostHeaderRewriteConfig": {"Rewrites": [rewrite]}}


def rule(listener: str, action: dict[str, Any], *transforms: dict[str, Any]) -> dict[str, Any]:
    """A request to create one that takes every path."""
    return {
        "ListenerArn": listener,
        "Priority": 1,
        "Conditions": [{"Field": "path-pattern", "Values": ["/*"]}],
        "Actions": [action],
        "Transforms": list(transforms),
    }


@pytest.fixture
def listener(balancer: LiveBalancer) -> str:
    return balancer.listen(80, fixed("default"), Protocol="HTTP")


@pytest.fixture
def group(balancer: LiveBalancer, listener: str, unique_name: str, target: Target) -> str:
    """A target group with a healthy target, and a rule that uses it."""
    arn = balancer.target_group(unique_name, target)
    balancer.elbv2.create_rule(**rule(listener, forward(arn)))
    balancer.await_state(arn, target, "healthy")
    return arn


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize(
    ("transforms", "path", "named", "arrives"),
    [
        (
            [url("^/dp/([A-Za-z0-9]+)/?$", "/product?id=$1")],
            "/dp/B09",
            "a",
            ("/product?id=B09", "a"),
        ),
        ([url("^/v1/(.*)$", "/v2/$1")], "/v1/users?page=2", "a", ("/v2/users?page=2", "a")),
        ([url("^/r/([0-9]+)$", "/$1")], "/r/42?format=json", "a", ("/r/42?format=json", "a")),
        ([url("(^/foo(/)?)", "/cat$2")], "/foo/x", "a", ("/cat/x", "a")),
        ([url("^([^?]*)", "/all")], "/x?a=1", "a", ("/all?a=1", "a")),
        ([url(r"^/(a)(\.)[(]$", r"/$2$1$9\n")], "/a.(", "a", (r"/.a\n", "a")),
        (
            [host("^mywebsite-(.+).com$", "internal.$1.myweb.com")],
            "/",
            "mywebsite-shop.com:8080",
            ("/", "internal.shop.myweb.com"),
        ),
        ([host(".*", "foo.com")], "/", "127.0.0.1:80", ("/", "foo.com")),
        (
            [url("^/combo/(.*)$", "/internal/$1"), host("^(.*)$", "backend.internal")],
            "/combo/a",
            "a",
            ("/internal/a", "backend.internal"),
        ),
    ],
)
def test_what_arrives(
    balancer: LiveBalancer,
    listener: str,
    target: Target,
    transforms: Transforms,
    path: str,
    named: str,
    arrives: tuple[str, str],
) -> None:
    """Without a match the request is sent as it is. The regular expression sees the query too, and
    a group that it does not have is empty, as users found."""
    [mine, _] = balancer.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    changed = balancer.elbv2.modify_rule(RuleArn=mine["RuleArn"], Transforms=transforms)["Rules"]
    assert changed[0]["Transforms"] == transforms
    balancer.carry_out()
    assert balancer.get(path, {"Host": named}).status == 200
    _, seen, headers = target.requests[-1]
    assert (seen, headers["Host"]) == arrives


def test_a_rewrite_does_not_choose_another_rule(
    balancer: LiveBalancer, group: str, listener: str, target: Target
) -> None:
    """Rewriting does not change the routing decision: with sticky sessions either."""
    attributes = [{"Key": "stickiness.enabled", "Value": "true"}]
    balancer.elbv2.modify_target_group_attributes(TargetGroupArn=group, Attributes=attributes)
    balancer.elbv2.create_rule(
        **{
            **rule(listener, forward(group), url("^/a", "/b")),
            "Priority": 2,
            "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}],
        }
    )
    [first, *_] = balancer.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    balancer.elbv2.modify_rule(
        RuleArn=first["RuleArn"],
        Conditions=[{"Field": "path-pattern", "Values": ["/b"]}],
        Actions=[fixed("b")],
    )
    balancer.carry_out()
    reply = balancer.get("/a")
    assert reply.body == str(target.address[1]).encode()
    assert reply.cookies[0].startswith("AWSALB=")
    assert target.requests[-1][1] == "/b"


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("transform", [url("^/x", "x"), host("a", "")], ids=["url", "host"])
def test_a_transform_that_fails(
    balancer: LiveBalancer, listener: str, transform: dict[str, Any]
) -> None:
    """An HTTP 500 error: here where no path or no host would be left."""
    [mine, _] = balancer.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    balancer.elbv2.modify_rule(RuleArn=mine["RuleArn"], Transforms=[transform])
    balancer.carry_out()
    reply = balancer.get("/x", {"Host": "a"})
    assert (reply.status, reply.headers["server"]) == (500, "awselb/2.0")


def test_transforms_stay_until_they_are_changed(balancer: LiveBalancer, listener: str) -> None:
    """API_ModifyRule: ResetTransforms removes them all."""
    elbv2, wanted = balancer.elbv2, [url("^/a", "/b"), host("a", "b")]
    [made] = elbv2.create_rule(**rule(listener, fixed("ok"), *wanted))["Rules"]
    arn = made["RuleArn"]
    assert made["Transforms"] == wanted
    elbv2.modify_rule(RuleArn=arn, Actions=[fixed("other")])
    assert elbv2.describe_rules(RuleArns=[arn])["Rules"][0]["Transforms"] == wanted
    elbv2.modify_rule(RuleArn=arn, ResetTransforms=True)
    assert not elbv2.describe_rules(RuleArns=[arn])["Rules"][0].get("Transforms")


@pytest.mark.parametrize(
    ("transforms", "message"),
    [
        ([{"Type": "path"}], "enum value set: .host-header-rewrite, url-rewrite"),
        ([{"Type": "url-rewrite"}], "must have one rewrite, in 'UrlRewriteConfig'"),
        ([{**host("a", "b"), **url("a", "b")}], "must have one rewrite"),
        ([url("a", "b"), url("c", "d")], "only have one 'url-rewrite' transform"),
        ([url("(", "b")], "is not valid"),
        ([url("(?<=a)b", "b")], "is not valid"),
        ([url("a++", "b")], "is not valid"),
        ([url("a" * 1025, "b")], "less than or equal to 1024"),
        ([url("a", "b" * 1025)], "less than or equal to 1024"),
        ([url("a", "b\n")], "regular expression pattern"),
    ],
)
def test_transforms_that_cannot_be(
    balancer: LiveBalancer, listener: str, transforms: Transforms, message: str
) -> None:
    """API_RuleTransform, API_RewriteConfig; nothing is created or changed."""
    elbv2, request = balancer.elbv2, rule(listener, fixed("ok"))
    with pytest.raises(ClientError, match=message):
        elbv2.create_rule(**{**request, "Transforms": transforms})
    [made] = elbv2.create_rule(**request)["Rules"]
    with pytest.raises(ClientError, match=message):
        elbv2.modify_rule(RuleArn=made["RuleArn"], Transforms=transforms)
    assert not elbv2.describe_rules(RuleArns=[made["RuleArn"]])["Rules"][0].get("Transforms")


def test_the_default_rule_has_none(balancer: LiveBalancer, listener: str) -> None:
    """Transform basics."""
    [default] = balancer.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    assert_refused(
        balancer.elbv2.modify_rule,
        "OperationNotPermitted",
        "cannot be modified",
        RuleArn=default["RuleArn"],
        Transforms=[url("^/a", "/b")],
    )


def test_transforms_of_a_stack(
    aws: Any, subnets: dict[str, str], stacks: StackDriver, unique_name: str
) -> None:
    """AWS::ElasticLoadBalancingV2::ListenerRule: Transforms change in place."""
    listener = {
        "LoadBalancerArn": {"Ref": "Balancer"},
        "Port": 80,
        "Protocol": "HTTP",
        "DefaultActions": [fixed("ok")],
    }

    def template(**changes: Any) -> dict[str, Any]:
        properties = {
            **rule("", fixed("rule")),
            "ListenerArn": {"Ref": "Listener"},
            "Transforms": None,
            **changes,
        }
        return {
            "Balancer": {
                "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "Properties": {"Subnets": list(subnets.values())},
            },
            "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": listener},
            "Rule": {
                "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
                "Properties": {name: value for name, value in properties.items() if value},
            },
        }

    def shown() -> Transforms:
        arn = stacks.physical_id(unique_name, "Rule")
        [found] = aws("elbv2").describe_rules(RuleArns=[arn])["Rules"]
        return list(found.get("Transforms") or [])

    stacks.create(unique_name, template(Transforms=[url("^/a", "/b")]))
    assert shown() == [url("^/a", "/b")]
    stacks.update(unique_name, template(Transforms=[url("^/a", "/c"), host("a", "b")]))
    assert shown() == [url("^/a", "/c"), host("a", "b")]
    stacks.update(unique_name, template())
    assert shown() == []
