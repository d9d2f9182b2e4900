"""HTTPS listeners: certificates and security policies, with requests through the load balancer."""

from __future__ import annotations

import http.client
import ssl
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from certificates import pair, served_names, trusting
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from live_balancer import LiveBalancer, fixed, forward
from load_balancing_world import Target

from local_aws.load_balancing.controller import LoadBalancing

OK = fixed("ok")


@pytest.fixture
def acm(aws: Any) -> Any:
    return aws("acm")


def secure(balancer: LiveBalancer, certificate: str, **more: Any) -> str:
    """Create an HTTPS listener at port 443; returns its ARN."""
    given = [{"CertificateArn": certificate}]
    settings: dict[str, Any] = {"Protocol": "HTTPS", "Certificates": given, **more}
    return balancer.listen(443, settings.pop("action", OK), **settings)


def refused(call: Callable[..., Any], code: str, message: str, **arguments: Any) -> None:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["Error"]["Code"] == code
    assert message in error.value.response["Error"]["Message"]


def describe(balancer: LiveBalancer, listener: str) -> dict[str, Any]:
    found: dict[str, Any] = balancer.elbv2.describe_listeners(ListenerArns=[listener])
    return found["Listeners"][0]


@pytest.mark.parametrize(
    "key",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: ec.generate_private_key(ec.SECP521R1()),
        lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        lambda: rsa.generate_private_key(public_exponent=65537, key_size=3072),
    ],
    ids=["P-256", "P-384", "P-521", "RSA 2048", "RSA 3072"],
)
def test_an_imported_certificate_is_served_with_its_chain(
    balancer: LiveBalancer, acm: Any, key: Callable[[], Any]
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html"""
    brought = pair("shop.example", key=key())
    secure(balancer, brought.imported(acm))

    reply = balancer.get(port=443, tls=trusting(brought.authority))

    assert (reply.status, reply.body) == (200, b"ok")


def test_a_requested_certificate_is_served_and_can_be_trusted(
    balancer: LiveBalancer, acm: Any
) -> None:
    """https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html: the names
    are those that were requested."""
    arn = acm.request_certificate(
        DomainName="shop.example", SubjectAlternativeNames=["*.shop.example", "other.example"]
    )["CertificateArn"]
    secure(balancer, arn)

    itself = acm.get_certificate(CertificateArn=arn)["Certificate"].encode()
    tls = ssl.create_default_context(cadata=itself.decode())
    tls.verify_flags |= ssl.VERIFY_X509_STRICT
    tls.check_hostname = False

    assert balancer.get(port=443, tls=tls).body == b"ok"
    names = served_names(balancer.local_port(443))
    assert names == ["shop.example", "*.shop.example", "other.example"]


def test_a_certificate_of_iam_is_served(aws: Any, balancer: LiveBalancer, unique_name: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html; it is not
    deleted while a listener has it: API_DeleteServerCertificate."""
    brought = pair("iam.example")
    arn = aws("iam").upload_server_certificate(
        ServerCertificateName=unique_name,
        CertificateBody=brought.certificate.decode(),
        PrivateKey=brought.private_key.decode(),
        CertificateChain=brought.authority.decode(),
    )["ServerCertificateMetadata"]["Arn"]
    listener = secure(balancer, arn)

    assert balancer.get(port=443, tls=trusting(brought.authority)).body == b"ok"
    delete = aws("iam").delete_server_certificate
    refused(delete, "DeleteConflict", "is currently in use", ServerCertificateName=unique_name)
    balancer.elbv2.delete_listener(ListenerArn=listener)
    delete(ServerCertificateName=unique_name)


def test_targets_learn_that_the_client_came_by_https(
    balancer: LiveBalancer, acm: Any, unique_name: str, target: Target
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html"""
    group = balancer.target_group(unique_name, target)
    secure(balancer, pair("shop.example").imported(acm), action=forward(group))
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
    secure(balancer, pair("shop.example").imported(acm))
    for offered, expected in ((["h2", "http/1.1"], chosen), (["http/1.1"], "http/1.1")):
        tls = trusting(verify=False)
        tls.set_alpn_protocols(offered)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", balancer.local_port(443), timeout=5, context=tls
        )
        connection.connect()
        assert connection.sock.selected_alpn_protocol() == expected
        connection.close()


def test_a_redirect_to_https_can_be_followed(balancer: LiveBalancer, acm: Any) -> None:
    """API_RedirectActionConfig. On loopback a client is sent to the port where 443 is; one that
    names the load balancer otherwise gets the address that it would get on AWS."""
    secure(balancer, pair("shop.example").imported(acm))
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
    secure(balancer, pair("shop.example").imported(acm), action=redirect)
    reply = balancer.get("/a", {"Host": "shop.example"}, port=443, tls=trusting(verify=False))
    assert reply.headers["location"] == "https://shop.example:443/new/a"


def test_the_certificate_is_the_one_of_the_host_in_the_clients_sni(
    balancer: LiveBalancer, acm: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html:
    the default one serves who names no host, or one that no certificate has."""
    default = pair("default.example").imported(acm)
    others = [pair(name).imported(acm) for name in ("one.example", "*.two.example")]
    listener = secure(balancer, default)
    balancer.elbv2.add_listener_certificates(
        ListenerArn=listener, Certificates=[{"CertificateArn": arn} for arn in others]
    )
    balancer.carry_out()

    port = balancer.local_port(443)
    assert served_names(port) == ["default.example"]
    assert served_names(port, "default.example") == ["default.example"]
    assert served_names(port, "one.example") == ["one.example"]
    assert served_names(port, "www.two.example") == ["*.two.example"]
    assert served_names(port, "unknown.example") == ["default.example"]

    balancer.elbv2.remove_listener_certificates(
        ListenerArn=listener, Certificates=[{"CertificateArn": others[0]}]
    )
    balancer.carry_out()
    assert served_names(port, "one.example") == ["default.example"]
    assert served_names(port, "a.two.example") == ["*.two.example"]


def test_the_list_of_certificates(balancer: LiveBalancer, acm: Any) -> None:
    """API_DescribeListenerCertificates, API_AddListenerCertificates: one that is there already is
    not added again; API_Listener: only the default one."""
    default, other = (pair(name).imported(acm) for name in ("a.example", "b.example"))
    listener = secure(balancer, default)
    elbv2 = balancer.elbv2
    added = [{"CertificateArn": other}, {"CertificateArn": default}]
    for _ in range(2):
        elbv2.add_listener_certificates(ListenerArn=listener, Certificates=added)

    listed = elbv2.describe_listener_certificates(ListenerArn=listener)["Certificates"]

    assert listed == [
        {"CertificateArn": default, "IsDefault": True},
        {"CertificateArn": other, "IsDefault": False},
    ]
    assert describe(balancer, listener)["Certificates"] == [{"CertificateArn": default}]
    refused(
        elbv2.remove_listener_certificates,
        "OperationNotPermitted",
        "Default certificate",
        ListenerArn=listener,
        Certificates=[{"CertificateArn": default}],
    )
    refused(
        elbv2.add_listener_certificates,
        "CertificateNotFound",
        f"Certificate '{other}0' not found",
        ListenerArn=listener,
        Certificates=[{"CertificateArn": f"{other}0"}],
    )


def test_a_listener_has_25_certificates_besides_the_default_one(
    balancer: LiveBalancer, acm: Any
) -> None:
    """ "Quotas for your Application Load Balancers"."""
    brought = pair("many.example")
    listener = secure(balancer, brought.imported(acm))
    many = [{"CertificateArn": brought.imported(acm)} for _ in range(26)]
    add = balancer.elbv2.add_listener_certificates
    refused(
        add,
        "TooManyCertificates",
        "limit on the number of certificates",
        ListenerArn=listener,
        Certificates=many,
    )
    add(ListenerArn=listener, Certificates=many[:25])
    balancer.carry_out()
    assert served_names(balancer.local_port(443), "many.example") == ["many.example"]


def test_a_certificate_imported_again_is_served_at_once(balancer: LiveBalancer, acm: Any) -> None:
    """https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html: the ARN, its tags and
    its use by load balancers stay. Connections stay, too."""
    tags = [{"Key": "team", "Value": "web"}]
    before, after = pair("before.example"), pair("after.example")
    arn = before.imported(acm, Tags=tags)
    secure(balancer, arn)
    port = balancer.local_port(443)
    assert served_names(port) == ["before.example"]
    connection = http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=5, context=trusting(before.authority)
    )
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"

    assert after.imported(acm, CertificateArn=arn) == arn
    balancer.carry_out()

    assert served_names(port) == ["after.example"]
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags


def test_the_default_certificate_can_be_changed(balancer: LiveBalancer, acm: Any) -> None:
    """API_ModifyListener."""
    first, second = (pair(name).imported(acm) for name in ("a.example", "b.example"))
    listener = secure(balancer, first)
    balancer.elbv2.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": second}])
    balancer.carry_out()
    assert served_names(balancer.local_port(443), "a.example") == ["b.example"]
    # What is not given stays.
    balancer.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[fixed("other")])
    balancer.carry_out()
    assert balancer.get(port=443, tls=trusting(verify=False)).body == b"other"
    assert describe(balancer, listener)["Certificates"] == [{"CertificateArn": second}]


def test_a_listener_becomes_https_and_http_again(balancer: LiveBalancer, acm: Any) -> None:
    """API_ModifyListener: from HTTP to HTTPS a certificate is needed; from HTTPS to HTTP it goes,
    and the security policy with it."""
    elbv2 = balancer.elbv2
    listener = balancer.listen(80, OK, Protocol="HTTP")
    refused(
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
    assert not {"SslPolicy", "Certificates"}.intersection(describe(balancer, listener))


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
    listener = secure(balancer, pair("shop.example").imported(acm), SslPolicy=policy)

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
    assert describe(balancer, listener)["SslPolicy"] == policy


def test_envoy_takes_every_security_policy(balancer: LiveBalancer, acm: Any) -> None:
    """API_DescribeSSLPolicies."""
    listener = secure(balancer, pair("shop.example").imported(acm))
    policies = balancer.elbv2.describe_ssl_policies()["SslPolicies"]
    for policy in policies:
        balancer.elbv2.modify_listener(ListenerArn=listener, SslPolicy=policy["Name"])
        balancer.carry_out()
        tls = trusting(verify=False)
        assert balancer.get(port=443, tls=tls).status == 200, policy["Name"]


def test_the_default_security_policy(balancer: LiveBalancer, acm: Any) -> None:
    """API_CreateListener: ELBSecurityPolicy-2016-08; none for HTTP."""
    listener = secure(balancer, pair("shop.example").imported(acm))
    assert describe(balancer, listener)["SslPolicy"] == "ELBSecurityPolicy-2016-08"
    assert "SslPolicy" not in describe(balancer, balancer.listen(80, OK, Protocol="HTTP"))


def test_private_keys_are_in_files_that_nobody_else_can_read(
    balancer: LiveBalancer, acm: Any, load_balancing: LoadBalancing
) -> None:
    """They are gone with the listener."""
    brought = pair("shop.example")
    listener = secure(balancer, brought.imported(acm))
    files: Path = load_balancing._xds._path

    def holding_keys() -> list[Path]:
        secret = brought.private_key.decode().splitlines()[1]
        return [file for file in files.iterdir() if secret in file.read_text()]

    [file] = holding_keys()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.stat().st_mode) == 0o700
    balancer.elbv2.delete_listener(ListenerArn=listener)
    balancer.carry_out()
    assert not holding_keys()


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
        refused(
            balancer.elbv2.create_listener,
            code,
            message,
            LoadBalancerArn=balancer.arn,
            **request,
        )
    assert not balancer.elbv2.describe_listeners(LoadBalancerArn=balancer.arn)["Listeners"]


def test_a_refused_change_changes_nothing(balancer: LiveBalancer, acm: Any) -> None:
    """API_ModifyListener: errors."""
    listener = secure(balancer, pair("shop.example").imported(acm))
    before = describe(balancer, listener)
    for change, code in (
        ({"Port": 444, "SslPolicy": "no"}, "SSLPolicyNotFound"),
        ({"Port": 444, "Certificates": [{"CertificateArn": "no"}]}, "CertificateNotFound"),
        ({"SslPolicy": "ELBSecurityPolicy-2016-08", "Port": 0}, "ValidationError"),
        ({"Protocol": "HTTP", "SslPolicy": "ELBSecurityPolicy-2016-08"}, "ValidationError"),
    ):
        refused(balancer.elbv2.modify_listener, code, "", ListenerArn=listener, **change)
    assert describe(balancer, listener) == before


def test_a_key_that_no_load_balancer_has(balancer: LiveBalancer, acm: Any) -> None:
    """https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html: keys
    of 1,024 bits are imported, and not taken by load balancers."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the point
    arn = pair("shop.example", key=short).imported(acm)
    refused(
        balancer.elbv2.create_listener,
        "UnsupportedCertificate",
        "supported key size",
        LoadBalancerArn=balancer.arn,
        **HTTPS,
        Certificates=[{"CertificateArn": arn}],
    )


def test_a_certificate_in_use_is_not_deleted(balancer: LiveBalancer, acm: Any) -> None:
    """https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html, and InUseBy
    in API_CertificateDetail."""
    default, other = (pair(name).imported(acm) for name in ("a.example", "b.example"))
    listener = secure(balancer, default)
    balancer.elbv2.add_listener_certificates(
        ListenerArn=listener, Certificates=[{"CertificateArn": other}]
    )
    for arn in (default, other):
        described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        assert described["InUseBy"] == [balancer.arn]
        refused(acm.delete_certificate, "ResourceInUseException", "is in use", CertificateArn=arn)
    balancer.elbv2.delete_listener(ListenerArn=listener)
    for arn in (default, other):
        assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == []
        acm.delete_certificate(CertificateArn=arn)
