"""Certificates, HTTPS listeners, stickiness and conditions of stacks, under requests."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from certificates import pair, served_names, trusting
from live_balancer import LiveBalancer, fixed
from load_balancing_world import Target
from stack_driver import StackDriver

from local_aws.load_balancing.controller import LoadBalancing

CERTIFICATE = {
    "Type": "AWS::CertificateManager::Certificate",
    "Properties": {
        "DomainName": "stack.example",
        "SubjectAlternativeNames": ["*.stack.example"],
        "ValidationMethod": "DNS",
        "DomainValidationOptions": [{"DomainName": "stack.example", "HostedZoneId": "Z1"}],
        "Tags": [{"Key": "team", "Value": "web"}],
    },
}


def template(subnets: list[str], vpc: str, **changes: Any) -> dict[str, Any]:
    """A load balancer that redirects to HTTPS, where /canary of POST has a rule of its own."""
    listener = {
        "LoadBalancerArn": {"Ref": "Balancer"},
        "Port": 443,
        "Protocol": "HTTPS",
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "Certificates": [{"CertificateArn": {"Ref": "Certificate"}}],
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}],
        **changes,
    }
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    return {
        "Resources": {
            "Certificate": CERTIFICATE,
            "Balancer": {
                "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "Properties": {"Subnets": subnets},
            },
            "Group": {
                "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
                "Properties": {
                    "Protocol": "HTTP",
                    "Port": 80,
                    "VpcId": vpc,
                    "TargetType": "ip",
                    "HealthCheckEnabled": True,
                    "TargetGroupAttributes": [
                        {"Key": "stickiness.enabled", "Value": "true"},
                        {"Key": "stickiness.type", "Value": "lb_cookie"},
                        {"Key": "stickiness.lb_cookie.duration_seconds", "Value": "60"},
                    ],
                },
            },
            "Secure": {
                "Type": "AWS::ElasticLoadBalancingV2::Listener",
                "Properties": {
                    name: value for name, value in listener.items() if value is not None
                },
            },
            "Plain": {
                "Type": "AWS::ElasticLoadBalancingV2::Listener",
                "Properties": {
                    "LoadBalancerArn": {"Ref": "Balancer"},
                    "Port": 80,
                    "Protocol": "HTTP",
                    "DefaultActions": [{"Type": "redirect", "RedirectConfig": redirect}],
                },
            },
            "Rule": {
                "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
                "Properties": {
                    "ListenerArn": {"Ref": "Secure"},
                    "Priority": 1,
                    "Conditions": [
                        {
                            "Field": "http-header",
                            "HttpHeaderConfig": {"HttpHeaderName": "X-Ring", "Values": ["can*"]},
                        },
                        {
                            "Field": "http-request-method",
                            "HttpRequestMethodConfig": {"Values": ["POST"]},
                        },
                        {
                            "Field": "query-string",
                            "QueryStringConfig": {"Values": [{"Key": "v", "Value": "2"}]},
                        },
                        {"Field": "source-ip", "SourceIpConfig": {"Values": ["127.0.0.0/8"]}},
                    ],
                    "Actions": [fixed("canary")],
                },
            },
        },
        "Outputs": {
            "Certificate": {"Value": {"Ref": "Certificate"}},
            "Balancer": {"Value": {"Ref": "Balancer"}},
            "Group": {"Value": {"Ref": "Group"}},
        },
    }


@pytest.fixture
def place(subnets: dict[str, str], default_vpc: str) -> tuple[list[str], str]:
    """Subnets and their VPC."""
    return list(subnets.values()), default_vpc


def test_a_service_with_https(
    aws: Any,
    unchecked_elbv2: Any,
    stacks: StackDriver,
    unique_name: str,
    place: tuple[list[str], str],
    load_balancing: LoadBalancing,
    target: Target,
) -> None:
    """AWS::CertificateManager::Certificate, AWS::ElasticLoadBalancingV2::Listener, ListenerRule and
    TargetGroup in the CloudFormation Template Reference."""
    stacks.create(unique_name, template(*place))
    assert stacks.failures(unique_name) == {}
    made = stacks.outputs(unique_name)
    live = LiveBalancer(unchecked_elbv2, made["Balancer"], place[1], load_balancing)
    unchecked_elbv2.register_targets(
        TargetGroupArn=made["Group"],
        Targets=[dict(zip(("Id", "Port"), target.address, strict=True))],
    )
    live.carry_out()
    tls = trusting(verify=False)

    assert served_names(live.local_port(443)) == ["stack.example", "*.stack.example"]
    reply = live.get(port=443, tls=tls)
    assert reply.status == 200
    assert [cookie.partition("=")[0] for cookie in reply.cookies] == ["AWSALB", "AWSALBCORS"]
    assert live.get().headers["location"] == f"https://127.0.0.1:{live.local_port(443)}/"
    ring = {"X-Ring": "canary"}
    assert live.get("/?v=2", ring, port=443, method="POST", tls=tls).body == b"canary"

    certificate = aws("acm").describe_certificate(CertificateArn=made["Certificate"])
    assert certificate["Certificate"]["Status"] == "ISSUED"
    assert certificate["Certificate"]["InUseBy"] == [made["Balancer"]]

    brought = pair("brought.example").imported(aws("acm"))
    changed = template(*place, Certificates=[{"CertificateArn": brought}])
    stacks.update(unique_name, changed)
    live.carry_out()
    assert served_names(live.local_port(443)) == ["brought.example"]

    stacks.delete(unique_name)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws("acm").describe_certificate(CertificateArn=made["Certificate"])


def test_further_certificates_of_a_listener(
    aws: Any,
    unchecked_elbv2: Any,
    stacks: StackDriver,
    unique_name: str,
    place: tuple[list[str], str],
    load_balancing: LoadBalancing,
) -> None:
    """AWS::ElasticLoadBalancingV2::ListenerCertificate in the CloudFormation Template Reference."""
    brought = pair("brought.example").imported(aws("acm"))
    more = template(*place)
    more["Resources"]["More"] = {
        "Type": "AWS::ElasticLoadBalancingV2::ListenerCertificate",
        "Properties": {
            "ListenerArn": {"Ref": "Secure"},
            "Certificates": [{"CertificateArn": brought}],
        },
    }
    stacks.create(unique_name, more)
    arn = stacks.outputs(unique_name)["Balancer"]
    live = LiveBalancer(unchecked_elbv2, arn, place[1], load_balancing)
    live.carry_out()
    assert served_names(live.local_port(443), "brought.example") == ["brought.example"]

    stacks.update(unique_name, template(*place))
    live.carry_out()
    assert served_names(live.local_port(443), "brought.example")[0] == "stack.example"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Certificates": None}, "A certificate must be specified for HTTPS listeners"),
        ({"Certificates": [{"CertificateArn": "arn:aws:acm:x:1:certificate/1"}]}, "not found"),
        ({"SslPolicy": "ELBSecurityPolicy-1999"}, "SSL policy 'ELBSecurityPolicy-1999' not found"),
    ],
)
def test_a_listener_that_cannot_be_fails_its_stack(
    stacks: StackDriver,
    unique_name: str,
    place: tuple[list[str], str],
    changes: dict[str, Any],
    reason: str,
) -> None:
    """AWS::ElasticLoadBalancingV2::Listener; API_CreateListener: errors."""
    made = stacks.create(unique_name, template(*place, **changes))
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert reason in stacks.failures(unique_name)["Secure"]
