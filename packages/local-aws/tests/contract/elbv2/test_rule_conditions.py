"""Conditions of rules, with requests through the load balancer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_balancer import LiveBalancer, MakeBalancer, fixed

Conditions = list[dict[str, Any]]


def header(name: str, *values: str) -> dict[str, Any]:
    config = {"HttpHeaderName": name, "Values": list(values)}
    return {"Field": "http-header", "HttpHeaderConfig": config}


def query(*pairs: str) -> dict[str, Any]:
    """ "key=value", or a value alone."""
    values = []
    for pair in pairs:
        key, is_pair, value = pair.partition("=")
        values.append({"Key": key, "Value": value} if is_pair else {"Value": key})
    return {"Field": "query-string", "QueryStringConfig": {"Values": values}}


def methods(*values: str) -> dict[str, Any]:
    return {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(values)}}


def sources(*values: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(values)}}


def path(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def host(*values: str) -> dict[str, Any]:
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


_REGEX_CONFIGS = {
    "path-pattern": "PathPatternConfig",
    "host-header": "HostHeaderConfig",
    "http-header": "HttpHeaderConfig",
}


def regex(field: str, *expressions: str, **more: Any) -> dict[str, Any]:
    return {"Field": field, _REGEX_CONFIGS[field]: {"RegexValues": list(expressions), **more}}


@pytest.fixture(scope="module")
def balancer(make_balancer: MakeBalancer) -> LiveBalancer:
    return make_balancer("conditions")


@pytest.fixture(scope="module")
def only_listener(balancer: LiveBalancer) -> str:
    return balancer.listen(80, fixed("default"), Protocol="HTTP")


@pytest.fixture
def listener(balancer: LiveBalancer, only_listener: str) -> Iterator[str]:
    """A listener that answers "default" and has no other rule."""
    yield only_listener
    for rule in balancer.elbv2.describe_rules(ListenerArn=only_listener)["Rules"]:
        if not rule["IsDefault"]:
            balancer.elbv2.delete_rule(RuleArn=rule["RuleArn"])


def matches(balancer: LiveBalancer, listener: str, *conditions: Any, **request: Any) -> bool:
    """Whether a rule with these conditions answers the request, and not the default one."""
    teapot = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418"}}
    rule = balancer.elbv2.create_rule(
        ListenerArn=listener, Priority=7, Conditions=list(conditions), Actions=[teapot]
    )["Rules"][0]
    balancer.carry_out()
    status = balancer.get(request.pop("path", "/"), **request).status
    balancer.elbv2.delete_rule(RuleArn=rule["RuleArn"])
    assert status in (200, 418)
    return status == 418


@pytest.mark.parametrize(
    ("condition", "sent", "expected"),
    [
        (header("X-Tenant", "acme"), {"X-Tenant": "acme"}, True),
        (header("x-tenant", "ACME"), {"X-TENANT": "Acme"}, True),
        (header("X-Tenant", "acme"), {"X-Tenant": "acme2"}, False),
        (header("X-Tenant", "acme"), {"X-Tenant": "my acme"}, False),
        (header("X-Tenant", "acme"), {}, False),
        (header("X-Tenant", "*"), {}, False),
        (header("X-Tenant", "*"), {"X-Tenant": ""}, True),
        (header("X-Tenant", "a?me"), {"X-Tenant": "acme"}, True),
        (header("X-Tenant", "a?me"), {"X-Tenant": "ame"}, False),
        (header("X-Tenant", "a.me"), {"X-Tenant": "acme"}, False),
        (header("X-Tenant", "one", "two"), {"X-Tenant": "two"}, True),
        (header("User-Agent", "*Chrome*"), {"User-Agent": "Mozilla/5.0 Chrome/9 Safari"}, True),
        (header("Accept", "text/html"), {"Accept": "text/html,text/plain"}, False),
        (header("Accept", "(a|b)+"), {"Accept": "(a|b)+"}, True),
        (header("X-Forwarded-For", "203.0.113.*"), {"X-Forwarded-For": "203.0.113.7"}, True),
    ],
)
def test_http_header(
    balancer: LiveBalancer,
    listener: str,
    condition: dict[str, Any],
    sent: dict[str, str],
    expected: bool,
) -> None:
    """API_HttpHeaderConditionConfig: names and values in any case, * and ?."""
    assert matches(balancer, listener, condition, headers=sent) is expected


@pytest.mark.parametrize(
    ("condition", "target", "expected"),
    [
        (query("version=v1"), "/?version=v1", True),
        (query("version=v1"), "/x?a=b&VERSION=V1&c=d", True),
        (query("version=v1"), "/?version=v10", False),
        (query("version=v1"), "/?myversion=v1", False),
        (query("version=v1"), "/version=v1", False),
        (query("version=v1"), "/", False),
        (query("version=v?"), "/?version=v9", True),
        (query("v*=1"), "/?version=1", True),
        (query("v*=1"), "/?a=1&b=v=1", False),
        (query("version=*"), "/?version=", True),
        (query("version=*"), "/?version", True),
        (query("version=*"), "/?other=1", False),
        (query("*example*"), "/?any=an-example-x", True),
        (query("example"), "/?any=example", True),
        (query("example"), "/?example=any", False),
        (query("a=1", "b=2"), "/?b=2", True),
        (query(r"a=\*"), "/?a=*", True),
        (query(r"a=\*"), "/?a=1", False),
        (query(r"a=x\?"), "/?a=x?", True),
        (query("a=1.0"), "/?a=1x0", False),
    ],
)
def test_query_string(
    balancer: LiveBalancer, listener: str, condition: dict[str, Any], target: str, expected: bool
) -> None:
    r"""API_QueryStringConditionConfig: in any case, * and ?, which \ makes literal; the key may be
    left out."""
    assert matches(balancer, listener, condition, path=target) is expected


@pytest.mark.parametrize(
    ("condition", "method", "expected"),
    [
        (methods("GET", "HEAD"), "HEAD", True),
        (methods("GET"), "POST", False),
        (methods("GET"), "HEAD", False),
        (methods("DELETE"), "DELETE", True),
        (methods("PURGE"), "PURGE", True),
        (methods("MY-METHOD_X"), "MY-METHOD_X", True),
    ],
)
def test_http_request_method(
    balancer: LiveBalancer, listener: str, condition: dict[str, Any], method: str, expected: bool
) -> None:
    """API_HttpRequestMethodConditionConfig: exact, standard methods and others."""
    assert matches(balancer, listener, condition, method=method) is expected


@pytest.mark.parametrize(
    ("condition", "client", "expected"),
    [
        (sources("127.0.0.1/32"), "127.0.0.1", True),
        (sources("127.0.0.2/32"), "127.0.0.1", False),
        (sources("127.0.0.0/8"), "127.200.3.4", True),
        (sources("127.0.0.0/29"), "127.0.0.7", True),
        (sources("127.0.0.0/29"), "127.0.0.8", False),
        (sources("127.32.0.0/11"), "127.63.255.254", True),
        (sources("127.32.0.0/11"), "127.64.0.1", False),
        (sources("0.0.0.0/0"), "127.0.0.1", True),
        (sources("10.0.0.0/8", "127.0.0.5/32"), "127.0.0.5", True),
        (sources("2001:db8::/32"), "127.0.0.1", False),
    ],
)
def test_source_ip(
    balancer: LiveBalancer, listener: str, condition: dict[str, Any], client: str, expected: bool
) -> None:
    """API_SourceIpConditionConfig: where the connection comes from, not what X-Forwarded-For or
    any other header says."""
    claims = {"X-Forwarded-For": "10.1.2.3", "X-Envoy-External-Address": "10.1.2.3"}
    assert matches(balancer, listener, condition, client=client, headers=claims) is expected


def test_all_conditions_of_a_rule_must_hold(balancer: LiveBalancer, listener: str) -> None:
    """API_RuleCondition: one of each of four, any number of http-header and query-string."""
    conditions = [header("X-A", "1"), header("X-B", "2"), query("q=1"), path("/p*"), host("*.a.b")]

    def asked(target: str, **headers: str) -> bool:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return matches(balancer, listener, *conditions, path=target, headers=sent)

    assert asked("/page?q=1", X_A="1", X_B="2", Host="x.a.b")
    assert not asked("/page?q=1", X_A="1", Host="x.a.b")
    assert not asked("/page?q=2", X_A="1", X_B="2", Host="x.a.b")
    assert not asked("/other?q=1", X_A="1", X_B="2", Host="x.a.b")
    assert not asked("/page?q=1", X_A="1", X_B="2", Host="x.a.c")
    assert matches(balancer, listener, methods("POST"), sources("127.0.0.0/8"), method="POST")
    assert not matches(balancer, listener, methods("POST"), sources("10.0.0.0/8"), method="POST")


def test_they_come_back_as_they_were_given(balancer: LiveBalancer, listener: str) -> None:
    """API_DescribeRules."""
    given = [header("X-A", "1"), query("k=v"), methods("GET"), sources("10.0.0.0/8")]
    [rule] = balancer.elbv2.create_rule(
        ListenerArn=listener, Priority=7, Conditions=given, Actions=[fixed("rule")]
    )["Rules"]
    [described] = balancer.elbv2.describe_rules(RuleArns=[rule["RuleArn"]])["Rules"]
    assert described["Conditions"] == given
    changed = [sources("127.0.0.0/8")]
    balancer.elbv2.modify_rule(RuleArn=rule["RuleArn"], Conditions=changed)
    balancer.carry_out()
    assert balancer.get().body == b"rule"


@pytest.mark.parametrize(
    ("condition", "request_", "expected"),
    [
        (regex("path-pattern", r"^\/api\/v[0-9]+\/(.*)$"), {"path": "/api/v2/x?y=/"}, True),
        (regex("path-pattern", r"^\/api\/v[0-9]+\/(.*)$"), {"path": "/API/v2/x"}, False),
        (regex("path-pattern", "b", "c$"), {"path": "/a/c"}, True),
        (regex("path-pattern", "b|c$"), {"path": "/a/c/d"}, False),
        (
            regex("host-header", r"^(.*)\.example\.com$"),
            {"headers": {"Host": "A.Example.com"}},
            True,
        ),
        (regex("host-header", r"^a\.com$"), {"headers": {"Host": "a.com:8080"}}, True),
        (regex("host-header", r"^a\.com$"), {"headers": {"Host": "a.com.org"}}, False),
        (
            regex("http-header", ".+chrome", HttpHeaderName="User-Agent"),
            {"headers": {"User-Agent": "A Chrome/1"}},
            True,
        ),
        (regex("http-header", ".+", HttpHeaderName="X-A"), {}, False),
    ],
)
def test_regular_expressions(
    balancer: LiveBalancer, listener: str, condition: Any, request_: Any, expected: bool
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html:
    host names and headers are not case-sensitive, paths are."""
    assert matches(balancer, listener, condition, **request_) is expected


@pytest.mark.parametrize(
    ("field", "found"),
    [("host-header", ["one.example.com", "two.example.com"]), ("path-pattern", ["/one", "/two"])],
)
def test_a_condition_itself_has_several_values(
    balancer: LiveBalancer, listener: str, field: str, found: list[str]
) -> None:
    """amazon.aws's test of elb_application_lb, "multiple host header conditions", which real AWS
    has passed; API_RuleCondition."""
    [rule] = balancer.elbv2.create_rule(
        ListenerArn=listener,
        Priority=7,
        Conditions=[{"Field": field, "Values": found}],
        Actions=[fixed("several")],
    )["Rules"]
    [condition] = rule["Conditions"]
    assert condition["Values"] == found


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ([{"Field": "cookie", "Values": ["a"]}], "Condition field 'cookie' must be one of"),
        ([{"Values": ["a"]}], "A condition field must be specified"),
        ([{"Field": "http-header"}], "A 'HttpHeaderConfig' must be specified with 'http-header'"),
        ([{"Field": "source-ip"}], "A 'SourceIpConfig' must be specified with 'source-ip'"),
        ([{"Field": "http-header", "Values": ["a"]}], "not compatible with 'http-header'"),
        ([{**path("/a"), "Values": ["/b"]}], "cannot provide both Values and 'PathPatternConfig'"),
        ([header("X" * 41, "a")], "The 'HttpHeaderName' value is too long; the limit is '40'"),
        ([header("a b", "a")], "The 'HttpHeaderName' value 'a b' is not valid"),
        ([header("", "a")], "The 'HttpHeaderName' value '' is not valid"),
        ([header("host", "a")], "use a 'host-header' condition"),
        ([header("X-A")], "A condition value must be specified"),
        ([header("X-A", "")], "is empty"),
        ([header("X-A", "a" * 129)], "more than 128 characters"),
        ([header("X-A", "a\tb")], "one that is not valid"),
        ([methods("get")], "one that is not valid"),
        ([methods("G*")], "one that is not valid"),
        ([methods("A" * 41)], "more than 40 characters"),
        ([query("k=")], "A 'Value' must be specified in 'QueryStringKeyValuePair'"),
        ([query("k=" + "v" * 129)], "The 'Value' value"),
        ([query("k" * 129 + "=v")], "The 'Key' value"),
        ([sources("10.0.0.1")], "'10.0.0.1' is not a valid CIDR block"),
        ([sources("10.0.0.0/33")], "'10.0.0.0/33' is not a valid CIDR block"),
        ([sources("255.255.255.255/32")], "is not a valid CIDR block"),
        ([sources("10.0.*")], "is not a valid CIDR block"),
        ([sources("10.0.0.0/255.0.0.0")], "is not a valid CIDR block"),
        ([methods("GET"), methods("PUT")], "can only have one 'http-request-method' condition"),
        ([path("/a"), path("/b")], "can only have one 'path-pattern' condition"),
        ([header("X-A", "1", "2", "3"), query("4", "5", "6")], "only have '5' condition values"),
        ([path("/????"), header("X-A", "???")], "only have '6' condition wildcards"),
        ([regex("path-pattern", "(a")], "'(a' at 'conditions.path-pattern.regexValues' is not"),
        ([regex("path-pattern", "^/(?!a)")], "is not valid"),
        ([regex("host-header", r"(a)\1")], "is not valid"),
        ([regex("host-header", "(a{100}){100}")], "is not valid"),
        ([regex("path-pattern", "(?#x)a")], "is not valid"),
        ([regex("path-pattern", r"(a)(?(1)b|c)")], "is not valid"),
        ([regex("path-pattern", r"\Z\u0041")], "is not valid"),
        ([regex("path-pattern", "(?x)a")], "is not valid"),
        ([regex("path-pattern", r"(\S{400}){2}[^é]{900}")], "is not valid"),
        ([regex("host-header", "a" * 129)], "less than or equal to 128"),
        ([regex("http-header", r"\pL", HttpHeaderName="a")], "is not valid"),
        ([regex("http-header", "a", Values=["a"], HttpHeaderName="a")], "both Values and Regex"),
        ([regex("path-pattern", *"abcdef")], "can only have '5' condition values"),
    ],
)
def test_conditions_that_cannot_be(
    balancer: LiveBalancer, listener: str, conditions: Conditions, message: str
) -> None:
    """API_RuleCondition and its members' pages; "Quotas for your Application Load Balancers"."""
    elbv2 = balancer.elbv2
    [rule] = elbv2.create_rule(
        ListenerArn=listener, Priority=7, Conditions=[path("/x")], Actions=[fixed("rule")]
    )["Rules"]
    for call in (
        lambda: elbv2.create_rule(
            ListenerArn=listener, Priority=8, Conditions=conditions, Actions=[fixed("rule")]
        ),
        lambda: elbv2.modify_rule(RuleArn=rule["RuleArn"], Conditions=conditions),
    ):
        with pytest.raises(ClientError) as refused:
            call()
        assert message in refused.value.response["Error"]["Message"]
    [kept] = elbv2.describe_rules(RuleArns=[rule["RuleArn"]])["Rules"]
    assert kept["Conditions"] == [path("/x")]
