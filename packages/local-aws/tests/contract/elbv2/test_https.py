"""HTTPS listeners: requests through them, redirects to them, and what cannot be one."""

from __future__ import annotations

import http.client
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from certificates import pair, trusting
from live_balancer import LiveBalancer, fixed, forward
from load_balancing_world import Target
from refusals import assert_refused

OK = fixed("ok")


def test_targets_learn_that_the_client_came_by_https(
    balancer: LiveBalancer, acm: Any, unique_name: str, target: Target
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html"""
    group = balancer.target_group(unique_name, target)
    balancer.listen_https(pair("shop.example").imported(acm), action=forward(group))
    balancer.await_state(group, target, "healthy")

    reply = balancer.get(
        port=443, tls=trusting(verify=False), headers={"X-Forwarded-Proto": "http"}
    )

    assert reply.status == 200
    seen = {name.lower(): value for name, value in target.requests[-1][2].items()}
    assert (seen["x-forwarded-proto"], seen["x-forwarded-port"]) == ("https", "443")


@pytest.mark.parametrize(("enabled", "chosen"), [("true", "h2"), ("false", "http/1.1")])
def test_clients_may_speak_http_2_where_it_is_enabled(
    balancer: LiveBalancer, acm: Any, enabled: str, chosen: str
) -> None:
    """API_LoadBalancerAttribute: routing.http2.enabled; HTTP/1.1 is always spoken."""
    balancer.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=balancer.arn,
        Attributes=[{"Key": "routing.http2.enabled", "Value": enabled}],
    )
    balancer.listen_https(pair("shop.example").imported(acm))
    for offered, expected in ((["h2", "http/1.1"], chosen), (["http/1.1"], "http/1.1")):
        tls = trusting(verify=False)
        tls.set_alpn_protocols(offered)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", balancer.local_port(443), timeout=5, context=tls
        )
        connection.connect()
        assert connection.sock.selected_alpn_protocol() == expected
        connection.close()


@contextmanager
def http2_client(balancer: LiveBalancer) -> Iterator[ssl.SSLSocket]:
    """A connection to port 443 that has sent the preface and no settings."""
    tls = trusting(verify=False)
    tls.set_alpn_protocols(["h2"])
    preface, no_settings = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\0\0\4\0\0\0\0\0"
    address = ("127.0.0.1", balancer.local_port(443))
    with (
        socket.create_connection(address, timeout=5) as connection,
        tls.wrap_socket(connection) as client,
    ):
        client.sendall(preface + no_settings)
        yield client


def test_a_connection_of_http_2_takes_128_requests_at_once(
    balancer: LiveBalancer, acm: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html"""
    balancer.listen_https(pair("shop.example").imported(acm))
    with http2_client(balancer) as client:
        length, kind = struct.unpack(">xHB", client.recv(9)[:4])
        settings = dict(struct.iter_unpack(">HI", client.recv(length)))
    assert (kind, settings[3]) == (4, 128)  # SETTINGS, SETTINGS_MAX_CONCURRENT_STREAMS


@pytest.mark.parametrize(
    ("content_type", "statuses"),
    [
        ("application/grpc", {b"464", b"\x69\xc6\xbf"}),
        ("application/grpc+proto", {b"464", b"\x69\xc6\xbf"}),
        ("application/grpc-web", {b"\x88"}),
    ],
)
def test_grpc_is_nothing_for_a_target_group_of_http_1(
    balancer: LiveBalancer,
    acm: Any,
    unique_name: str,
    target: Target,
    content_type: str,
    statuses: set[bytes],
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-464-issues.
    RFC 7541: the status in plain text or in Huffman's code; 200 is an entry of the table."""
    group = balancer.target_group(unique_name, target)
    balancer.listen_https(pair("shop.example").imported(acm), action=forward(group))
    balancer.await_state(group, target, "healthy")
    method_scheme_path = b"\x83\x87\x84"  # POST, https, /
    literals = ((b":authority", b"a"), (b"content-type", content_type.encode()))
    fields = method_scheme_path + b"".join(
        b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value for name, value in literals
    )
    with http2_client(balancer) as client:
        ends_stream_and_headers, stream = 5, 1
        client.sendall(struct.pack(">xHBBI", len(fields), 1, ends_stream_and_headers, stream))
        client.sendall(fields)
        received = client.makefile("rb")
        kind = None
        while kind != 1:  # HEADERS
            length, kind = struct.unpack(">xHB", received.read(9)[:4])
            answer = received.read(length)
    assert any(status in answer for status in statuses)
    assert (b"grpc" not in answer, len(target.requests)) == (True, int(statuses == {b"\x88"}))


def test_a_redirect_to_https_can_be_followed(balancer: LiveBalancer, acm: Any) -> None:
    """API_RedirectActionConfig. On loopback a client is sent to the port where 443 is; one that
    names the load balancer otherwise gets the address that it would get on AWS."""
    balancer.listen_https(pair("shop.example").imported(acm))
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443"}}
    redirect["RedirectConfig"]["StatusCode"] = "HTTP_301"
    balancer.listen(80, redirect, Protocol="HTTP")

    reply = balancer.get("/a?b=1")
    location = urlsplit(reply.headers["location"])

    assert reply.status == 301
    assert (location.scheme, location.path, location.query) == ("https", "/a", "b=1")
    assert (location.hostname, location.port) == ("127.0.0.1", balancer.local_port(443))
    assert balancer.get("/a?b=1", port=443, tls=trusting(verify=False)).body == b"ok"

    elsewhere = balancer.get("/a", {"Host": "shop.example"}).headers["location"]
    assert elsewhere == "https://shop.example:443/a"


def test_a_redirect_of_an_https_listener_keeps_its_protocol(
    balancer: LiveBalancer, acm: Any
) -> None:
    """API_RedirectActionConfig: #{protocol} and #{port} are the listener's."""
    redirect = {
        "Type": "redirect",
        "RedirectConfig": {"Path": "/new/#{path}", "StatusCode": "HTTP_302"},
    }
    balancer.listen_https(pair("shop.example").imported(acm), action=redirect)
    reply = balancer.get("/a", {"Host": "shop.example"}, port=443, tls=trusting(verify=False))
    assert reply.headers["location"] == "https://shop.example:443/new/a"


def test_a_redirect_of_an_https_listener_does_not_lead_to_http(
    balancer: LiveBalancer, acm: Any
) -> None:
    """API_RedirectActionConfig: "You can't redirect HTTPS to HTTP"."""
    listener = balancer.listen_https(pair("shop.example").imported(acm))
    config = {"Protocol": "HTTP", "Port": "80", "StatusCode": "HTTP_301"}
    action = {"Type": "redirect", "RedirectConfig": config}
    for call, given in (
        (balancer.elbv2.modify_listener, {"DefaultActions": [action]}),
        (
            balancer.elbv2.create_rule,
            {
                "Actions": [action],
                "Conditions": [{"Field": "path-pattern", "Values": ["/x"]}],
                "Priority": 1,
            },
        ),
    ):
        assert_refused(
            call,
            "InvalidLoadBalancerAction",
            "You can't redirect HTTPS to HTTP.",
            ListenerArn=listener,
            **given,
        )


def test_a_listener_becomes_https_and_http_again(balancer: LiveBalancer, acm: Any) -> None:
    """API_ModifyListener: from HTTP to HTTPS a certificate is needed; from HTTPS to HTTP it goes,
    and the security policy with it."""
    elbv2 = balancer.elbv2
    listener = balancer.listen(80, OK, Protocol="HTTP")
    assert_refused(
        elbv2.modify_listener,
        "ValidationError",
        "A certificate must be specified for HTTPS listeners",
        ListenerArn=listener,
        Protocol="HTTPS",
    )
    assert balancer.get().body == b"ok"

    certificate = pair("shop.example").imported(acm)
    elbv2.modify_listener(
        ListenerArn=listener, Protocol="HTTPS", Certificates=[{"CertificateArn": certificate}]
    )
    balancer.carry_out()
    assert balancer.get(tls=trusting(verify=False)).body == b"ok"

    elbv2.modify_listener(ListenerArn=listener, Protocol="HTTP")
    balancer.carry_out()
    assert balancer.get().body == b"ok"
    assert not {"SslPolicy", "Certificates"}.intersection(balancer.described_listener(listener))


HTTPS = {"Protocol": "HTTPS", "Port": 443, "DefaultActions": [OK]}
HTTP = {"Protocol": "HTTP", "Port": 80, "DefaultActions": [OK]}


def test_a_listener_that_cannot_be(balancer: LiveBalancer, acm: Any) -> None:
    """API_CreateListener: errors."""
    arn = pair("shop.example").imported(acm)
    given, twice = [{"CertificateArn": arn}], [{"CertificateArn": arn}] * 2
    unknown = [{"CertificateArn": f"{arn[:-1]}-"}]
    for request, code, message in (
        (HTTPS, "ValidationError", "A certificate must be specified for HTTPS listeners"),
        ({**HTTPS, "Certificates": []}, "ValidationError", "A certificate must be specified"),
        ({**HTTPS, "Certificates": unknown}, "CertificateNotFound", "not found"),
        ({**HTTPS, "Certificates": twice}, "ValidationError", "Up to '1' certificate ARNs"),
        (
            {**HTTPS, "Certificates": given, "SslPolicy": "ELBSecurityPolicy-1999"},
            "SSLPolicyNotFound",
            "SSL policy 'ELBSecurityPolicy-1999' not found",
        ),
        ({**HTTP, "Certificates": given}, "ValidationError", "cannot be specified for HTTP"),
        (
            {**HTTP, "SslPolicy": "ELBSecurityPolicy-2016-08"},
            "ValidationError",
            "An SSL policy cannot be specifed for HTTP listeners",
        ),
        (
            {**HTTPS, "Certificates": given, "MutualAuthentication": {"Mode": "verify"}},
            "InvalidConfigurationRequest",
            "Mutual authentication mode 'verify' is not emulated",
        ),
        ({**HTTPS, "Protocol": "TLS"}, "ValidationError", "TLS"),
    ):
        assert_refused(
            balancer.elbv2.create_listener,
            code,
            message,
            LoadBalancerArn=balancer.arn,
            **request,
        )
    assert not balancer.elbv2.describe_listeners(LoadBalancerArn=balancer.arn)["Listeners"]


def test_a_refused_change_changes_nothing(balancer: LiveBalancer, acm: Any) -> None:
    """API_ModifyListener: errors."""
    listener = balancer.listen_https(pair("shop.example").imported(acm))
    before = balancer.described_listener(listener)
    for change, code in (
        ({"Port": 444, "SslPolicy": "no"}, "SSLPolicyNotFound"),
        ({"Port": 444, "Certificates": [{"CertificateArn": "no"}]}, "CertificateNotFound"),
        ({"SslPolicy": "ELBSecurityPolicy-2016-08", "Port": 0}, "ValidationError"),
        ({"Protocol": "HTTP", "SslPolicy": "ELBSecurityPolicy-2016-08"}, "ValidationError"),
    ):
        assert_refused(balancer.elbv2.modify_listener, code, "", ListenerArn=listener, **change)
    assert balancer.described_listener(listener) == before
