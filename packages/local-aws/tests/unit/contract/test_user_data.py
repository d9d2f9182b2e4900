"""Which line of user data would signal CloudFormation."""

from __future__ import annotations

import pytest

from local_aws.contract.user_data import line_with, names_resource, signalling_line

_SIGNAL = "/opt/aws/bin/cfn-signal -e $? --stack s --resource r"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"#!/bin/bash\nyum update -y\n  {_SIGNAL}\n", (3, _SIGNAL)),
        (f"#!/bin/bash\n# cfn-signal\ncfn-init -s s\n{_SIGNAL}\n", (4, _SIGNAL)),
        ("#!/bin/bash\ncfn-init -s s\n", (2, "cfn-init -s s")),
        (
            "#!/bin/bash\naws cloudformation signal-resource --status SUCCESS",
            (2, "aws cloudformation signal-resource --status SUCCESS"),
        ),
        ("<powershell>\r\ncfn-signal.exe -e 0\r\n</powershell>", (2, "cfn-signal.exe -e 0")),
        (f"#cloud-config\nruncmd:\n- {_SIGNAL}\n", (3, f"- {_SIGNAL}")),
        (f"#cloud-config\nwrite_files:\n- content: {_SIGNAL}\nruncmd:\n- [ls]", None),
        ("#!/bin/bash\nyum update -y\n", None),
        ("", None),
    ],
)
def test_the_line_that_signals(text: str, expected: tuple[int, str] | None) -> None:
    assert signalling_line(text.encode()) == expected


def test_a_long_line_is_cut() -> None:
    line = signalling_line(f"#!/bin/sh\ncfn-signal {'x' * 10_000}".encode())

    assert line is not None
    assert len(line.text) == 200


def test_what_is_no_text_says_nothing() -> None:
    assert signalling_line(b"\x1f\x8b\x00\xff") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#!/bin/sh\n# put http://a\ncurl -T s 'http://a/b'\n", (3, "curl -T s 'http://a/b'")),
        ("#cloud-config\nwrite_files:\n- content: http://a\nruncmd:\n- [ls]", None),
        ("#!/bin/sh\ncurl http://b\n", None),
    ],
)
def test_the_command_that_has_a_url(text: str, expected: tuple[int, str] | None) -> None:
    assert line_with(text.encode(), "http://a") == expected


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("cfn-init --stack s --resource Server", True),
        ("cfn-init -s s -r 'Server' --region r", True),
        ("cfn-signal -e 0 \\\n  --resource=Server", True),
        ("aws cloudformation signal-resource --logical-resource-id Server", True),
        ("cfn-init --stack s --resource ServerTwo", False),
        ("# cfn-init --stack s --resource Server", False),
        ("echo Server", False),
    ],
)
def test_a_resource_that_a_script_names(text: str, is_named: bool) -> None:
    assert names_resource(text.encode(), "Server") is is_named
