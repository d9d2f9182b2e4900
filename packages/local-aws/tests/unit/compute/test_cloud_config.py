from __future__ import annotations

import base64
import contextlib
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_packages_that_are_python_are_the_images() -> None:
    config = parse("packages: [python3.11, [nginx, 1.2], python3-pip, python3]\n")
    assert config.pythons == ("python3.11", "python3")
    assert config.skipped == ("packages: not done here",)
    assert parse("packages: [python3.11]\n").skipped == ()


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


_BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 8)
)
_MERGE_BOMB = "a0: &a0 {x: y}\n" + "".join(
    f"a{i}: &a{i} {{<<: [{','.join([f'*a{i - 1}'] * 10)}]}}\n" for i in range(1, 8)
)


def file_with(**entry: object) -> bytes:
    return f"#cloud-config\n{json.dumps({'write_files': [entry]})}".encode()


@pytest.mark.parametrize(
    ("user_data", "message"),
    [
        (f"#cloud-config\n{_BOMB}write_files: [{{path: *a7}}]", "aliases stand for more than"),
        (f"#cloud-config\n{_MERGE_BOMB}", "aliases stand for more than"),
        ("#cloud-config\na: &a [*a]", "stands for nothing, or for its own part"),
        ("#cloud-config\na: " + "[" * 3000 + "]" * 3000, "more than 100 levels deep"),
        ("#cloud-config\na: " + "9" * 5000, "is not YAML"),
        ("#cloud-config\na: 2024-13-45", "is not YAML: month must be in 1..12"),
        ("#cloud-config\n? [a]\n: b", "is not YAML"),
        ("#cloud-config\na: !!python/object/apply:os.system [x]", "is not YAML"),
        ("#cloud-config\na: b\0c", "is not YAML"),
        ("#cloud-config\nwrite_files: [{path: [/x]}]", "path is not text"),
        ("#cloud-config\nwrite_files: [{path: /x, content: [a]}]", "content is not text"),
        ("#cloud-config\nruncmd: [[a, [b]]]", "runcmd[0] is neither a command nor a list of words"),
        (file_with(path="/"), "path '/' is not an absolute path"),
        (file_with(path="//"), "path '//' is not an absolute path"),
        (file_with(path="/a/../../b"), "is not an absolute path without '..'"),
        (file_with(path="/a\0b"), r"path '/a\x00b' has a NUL"),
        (file_with(path="/" + "x" * 5000), "has more than 1,024 bytes"),
        (file_with(path="/x", content="\ud800"), "is not YAML: "),
        (file_with(path="/x", permissions=10**20), "permissions 100000000000000000000 are not"),
        (file_with(path="/x", permissions=-1), "permissions -1 are not octal"),
        (file_with(path="/x", permissions="٦٤٤"), "are not octal"),
        (file_with(path="/x", permissions="0_7"), "permissions '0_7' are not octal"),
        (file_with(path="/x", permissions="9"), "permissions '9' are not octal"),
        (gzip.compress(b"#cloud-config\n" + b"#" * 50_000_000), "more than 1,048,576 bytes"),
        (
            file_with(
                path="/x",
                encoding="gz+b64",
                content=base64.b64encode(gzip.compress(b"#" * 50_000_000)).decode(),
            ),
            "write_files[0]: content has more than 16,777,216 bytes",
        ),
    ],
)
def test_what_would_take_the_daemon_down_is_refused_in_one_short_line(
    user_data: str | bytes, message: str
) -> None:
    data = user_data if isinstance(user_data, bytes) else user_data.encode()
    with pytest.raises(UserDataError) as refused:
        cloud_config.parse(data)
    assert message in str(refused.value)
    assert len(str(refused.value)) < 500
    assert "\n" not in str(refused.value)


def test_aliases_within_bounds_are_read_as_cloud_init_does() -> None:
    config = cloud_config.parse(
        b"#cloud-config\nx: &text hello\nwrite_files: [{path: /x, content: *text}]"
    )
    assert config is not None
    assert config.files[0].content == b"hello"


_YAML = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
_ENTRY = st.dictionaries(
    st.sampled_from(["path", "content", "permissions", "encoding", "append"]), _YAML
)


@settings(max_examples=80, deadline=None)
@given(st.lists(_ENTRY, max_size=2) | _YAML, st.lists(_YAML, max_size=3) | _YAML)
def test_whatever_user_data_says_it_is_taken_or_refused(files: object, commands: object) -> None:
    document = json.dumps({"write_files": files, "runcmd": commands})
    with contextlib.suppress(UserDataError):
        assert cloud_config.parse(b"#cloud-config\n" + document.encode()) is not None
