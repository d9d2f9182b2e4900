"""The certificates of HTTPS listeners: which is served, which are listed, which cannot be used."""

from __future__ import annotations

import http.client
import ssl
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificates import pair, served_names, trusting
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from live_balancer import LiveBalancer, fixed
from refusals import assert_refused

from local_aws.load_balancing.controller import LoadBalancing


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
    balancer.listen_https(brought.imported(acm))

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
    balancer.listen_https(arn)

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
    listener = balancer.listen_https(arn)

    assert balancer.get(port=443, tls=trusting(brought.authority)).body == b"ok"
    delete = aws("iam").delete_server_certificate
    assert_refused(
        delete, "DeleteConflict", "is currently in use", ServerCertificateName=unique_name
    )
    balancer.elbv2.delete_listener(ListenerArn=listener)
    delete(ServerCertificateName=unique_name)


def test_the_certificate_is_the_one_of_the_host_in_the_clients_sni(
    balancer: LiveBalancer, acm: Any
) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html:
    the default one serves who names no host, or one that no certificate has."""
    default = pair("default.example").imported(acm)
    others = [pair(name).imported(acm) for name in ("one.example", "*.two.example")]
    listener = balancer.listen_https(default)
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
    listener = balancer.listen_https(default)
    elbv2 = balancer.elbv2
    added = [{"CertificateArn": other}, {"CertificateArn": default}]
    for _ in range(2):
        elbv2.add_listener_certificates(ListenerArn=listener, Certificates=added)

    listed = elbv2.describe_listener_certificates(ListenerArn=listener)["Certificates"]

    assert listed == [
        {"CertificateArn": default, "IsDefault": True},
        {"CertificateArn": other, "IsDefault": False},
    ]
    assert balancer.described_listener(listener)["Certificates"] == [{"CertificateArn": default}]
    assert_refused(
        elbv2.remove_listener_certificates,
        "OperationNotPermitted",
        "Default certificate",
        ListenerArn=listener,
        Certificates=[{"CertificateArn": default}],
    )
    assert_refused(
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
    listener = balancer.listen_https(brought.imported(acm))
    many = [{"CertificateArn": brought.imported(acm)} for _ in range(26)]
    add = balancer.elbv2.add_listener_certificates
    assert_refused(
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
    balancer.listen_https(arn)
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
    listener = balancer.listen_https(first)
    balancer.elbv2.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": second}])
    balancer.carry_out()
    assert served_names(balancer.local_port(443), "a.example") == ["b.example"]
    # What is not given stays.
    balancer.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[fixed("other")])
    balancer.carry_out()
    assert balancer.get(port=443, tls=trusting(verify=False)).body == b"other"
    assert balancer.described_listener(listener)["Certificates"] == [{"CertificateArn": second}]


def test_private_keys_are_in_files_that_nobody_else_can_read(
    balancer: LiveBalancer, acm: Any, load_balancing: LoadBalancing
) -> None:
    """They are gone with the listener."""
    brought = pair("shop.example")
    listener = balancer.listen_https(brought.imported(acm))
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


def test_a_key_that_no_load_balancer_has(balancer: LiveBalancer, acm: Any) -> None:
    """https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html: keys
    of 1,024 bits are imported, and not taken by load balancers."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the point
    arn = pair("shop.example", key=short).imported(acm)
    assert_refused(
        balancer.elbv2.create_listener,
        "UnsupportedCertificate",
        "supported key size",
        LoadBalancerArn=balancer.arn,
        Protocol="HTTPS",
        Port=443,
        DefaultActions=[fixed("ok")],
        Certificates=[{"CertificateArn": arn}],
    )


def test_a_certificate_in_use_is_not_deleted(balancer: LiveBalancer, acm: Any) -> None:
    """https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html, and InUseBy
    in API_CertificateDetail."""
    default, other = (pair(name).imported(acm) for name in ("a.example", "b.example"))
    listener = balancer.listen_https(default)
    balancer.elbv2.add_listener_certificates(
        ListenerArn=listener, Certificates=[{"CertificateArn": other}]
    )
    for arn in (default, other):
        described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        assert described["InUseBy"] == [balancer.arn]
        assert_refused(
            acm.delete_certificate, "ResourceInUseException", "is in use", CertificateArn=arn
        )
    balancer.elbv2.delete_listener(ListenerArn=listener)
    for arn in (default, other):
        assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == []
        acm.delete_certificate(CertificateArn=arn)
