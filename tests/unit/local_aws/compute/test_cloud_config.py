from __future__ import annotations

import base64
import gzip

import pytest

from local_aws.compute import cloud_config
from local_aws.compute.cloud_config import UserDataError


def parse(body: str) -> cloud_config.CloudConfig:
    config = cloud_config.parse(f"#cloud-config\n{body}".encode())
    assert config is not None
    return config


def gzipped(content: bytes) -> str:
    """gzip without its time: the names of tests are the same in every process."""
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()


@pytest.mark.parametrize(
    "user_data",
    [b"", b"#!/bin/bash\nrm -rf /\n", b"\x00\xff\xfe", b"# cloud-config\na: b", b"hello: world"],
)
def test_other_user_data_is_not_cloud_config(user_data: bytes) -> None:
    assert cloud_config.parse(user_data) is None


def test_gzipped_user_data_is_opened() -> None:
    config = cloud_config.parse(gzip.compress(b"#cloud-config\nruncmd: [systemctl start a]"))
    assert config is not None
    assert config.started == ("a.service",)


@pytest.mark.parametrize(
    ("entry", "content"),
    [
        ("content: hello", b"hello"),
        ('content: "a\\nb"', b"a\nb"),
        (f"encoding: b64\n  content: {base64.b64encode(b'xyz').decode()}", b"xyz"),
        (f"encoding: base64\n  content: |\n    {base64.b64encode(b'xyz').decode()}", b"xyz"),
        (f"encoding: gz+b64\n  content: {gzipped(b'xyz')}", b"xyz"),
        (f"encoding: gzip\n  content: !!binary {gzipped(b'x')}", b"x"),
        ("owner: root:root", b""),
    ],
)
def test_contents_and_encodings(entry: str, content: bytes) -> None:
    (file,) = parse(f"write_files:\n- path: /opt/a\n  {entry}\n").files
    assert file.content == content


@pytest.mark.parametrize(
    ("permissions", "mode"), [("'0755'", 0o755), ("0755", 0o755), ('"600"', 0o600)]
)
def test_permissions(permissions: str, mode: int) -> None:
    (file,) = parse(f"write_files:\n- path: /a\n  permissions: {permissions}\n").files
    assert file.mode == mode


def test_default_permissions() -> None:
    assert parse("write_files: [{path: /a}]").files[0].mode == 0o644


@pytest.mark.parametrize(
    ("command", "started", "enabled"),
    [
        (
            "systemctl enable --now a.service b",
            ("a.service", "b.service"),
            ("a.service", "b.service"),
        ),
        ("[systemctl, enable, --now, a]", ("a.service",), ("a.service",)),
        ("/usr/bin/systemctl enable a", (), ("a.service",)),
        ("systemctl start a", ("a.service",), ()),
        ("systemctl daemon-reload", (), ()),
    ],
)
def test_systemctl(command: str, started: tuple[str, ...], enabled: tuple[str, ...]) -> None:
    config = parse(f"runcmd:\n- {command}\n")
    assert (config.started, config.enabled, config.skipped) == (started, enabled, ())


def test_enable_and_start_name_a_unit_once() -> None:
    config = parse("runcmd:\n- systemctl enable a\n- systemctl start a\n- systemctl restart a\n")
    assert (config.started, config.enabled) == (("a.service",), ("a.service",))


def test_everything_else_is_named_as_skipped() -> None:
    config = parse("packages: [nginx]\nruncmd:\n- pip install 'a b'\n- [sh, -c, 'rm -rf /']\n")
    assert config.skipped == (
        "packages: not done here",
        "runcmd[0]: pip install 'a b': commands are not run here",
        "runcmd[1]: sh -c 'rm -rf /': commands are not run here",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a: [", "not YAML"),
        ("- a", "not a mapping"),
        ("write_files: text", "write_files is not a list"),
        ("write_files: [a]", r"write_files\[0\] is not a mapping"),
        ("write_files: [{path: etc/passwd}]", "'etc/passwd' is not an absolute path"),
        ("write_files: [{path: /opt/../../etc}]", "not an absolute path without"),
        ("write_files: [{content: a}]", "not an absolute path"),
        ("write_files: [{path: /a, encoding: rot13}]", "encoding 'rot13' is none of"),
        ("write_files: [{path: /a, encoding: b64, content: '%'}]", "not base64"),
        ("write_files: [{path: /a, encoding: gz+b64, content: YQ==}]", "not gzip"),
        ("write_files: [{path: /a, permissions: rwx}]", "'rwx' are not octal"),
        ("runcmd: ['echo \"']", r"runcmd\[0\]: No closing quotation"),
    ],
)
def test_wrong_cloud_config_is_refused_by_name(body: str, message: str) -> None:
    with pytest.raises(UserDataError, match=message):
        parse(body)


def test_multi_part_is_refused() -> None:
    with pytest.raises(UserDataError, match="multi-part"):
        cloud_config.parse(b"Content-Type: multipart/mixed; boundary=x\n\n")
