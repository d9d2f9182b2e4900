"""The security policies of HTTPS listeners: the TLS versions that clients may speak."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from certificates import pair, trusting
from live_balancer import LiveBalancer, fixed
from refusals import error_of


@pytest.mark.parametrize(
    ("policy", "versions"),
    [
        ("ELBSecurityPolicy-2016-08", {"TLSv1.2"}),
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", {"TLSv1.2", "TLSv1.3"}),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", {"TLSv1.3"}),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", {"TLSv1.2"}),
    ],
)
def test_the_security_policy_decides_which_versions_are_spoken(
    balancer: LiveBalancer, acm: Any, policy: str, versions: set[str]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""
    listener = balancer.listen_https(pair("shop.example").imported(acm), SslPolicy=policy)

    def speaks(version: ssl.TLSVersion) -> bool:
        tls = trusting(verify=False)
        tls.minimum_version = tls.maximum_version = version
        try:
            return balancer.get(port=443, tls=tls).status == 200
        except (ssl.SSLError, ConnectionError):
            return False

    spoken = {
        name
        for name, version in {
            "TLSv1.2": ssl.TLSVersion.TLSv1_2,
            "TLSv1.3": ssl.TLSVersion.TLSv1_3,
        }.items()
        if speaks(version)
    }
    assert spoken == versions
    assert balancer.described_listener(listener)["SslPolicy"] == policy


def test_envoy_takes_every_security_policy(balancer: LiveBalancer, acm: Any) -> None:
    """API_DescribeSSLPolicies."""
    listener = balancer.listen_https(pair("shop.example").imported(acm))
    policies = balancer.elbv2.describe_ssl_policies()["SslPolicies"]
    for policy in policies:
        balancer.elbv2.modify_listener(ListenerArn=listener, SslPolicy=policy["Name"])
        balancer.carry_out()
        tls = trusting(verify=False)
        assert balancer.get(port=443, tls=tls).status == 200, policy["Name"]


def test_the_default_security_policy(balancer: LiveBalancer, acm: Any) -> None:
    """API_CreateListener: ELBSecurityPolicy-2016-08; none for HTTP."""
    listener = balancer.listen_https(pair("shop.example").imported(acm))
    assert balancer.described_listener(listener)["SslPolicy"] == "ELBSecurityPolicy-2016-08"
    assert "SslPolicy" not in balancer.described_listener(
        balancer.listen(80, fixed("ok"), Protocol="HTTP")
    )


def test_a_security_policy_that_does_not_exist(balancer: LiveBalancer) -> None:
    """API_DescribeSSLPolicies: SSLPolicyNotFound."""
    describe = balancer.elbv2.describe_ssl_policies
    known = describe(Names=["ELBSecurityPolicy-2016-08"])
    assert [each["Name"] for each in known["SslPolicies"]] == ["ELBSecurityPolicy-2016-08"]
    refused = error_of(describe, Names=["missing"])
    assert refused == ("SSLPolicyNotFound", "SSL policy 'missing' not found")
