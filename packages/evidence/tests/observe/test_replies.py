"""What kind of reply a body is."""

import json
from typing import Any

import pytest

from evidence.observe.replies import read_content

METADATA = {"InstanceId": "i-1", "AvailabilityZone": "us-east-1a", "Release": "1.0.0"}
REAL = {"ItemId": {"N": "3"}, "Title": {"S": "404 Not Found: A Coloring Book"}}
STATIC = {"ItemId": {"N": "0"}, "Title": {"S": "404 Not Found: A Coloring Book"}}


@pytest.mark.parametrize(
    ("status", "document", "kind", "error"),
    [
        (200, REAL, "real", None),
        (200, STATIC, "static", None),
        (200, {**STATIC, "Title": {"S": "Dune"}}, "real", None),
        (200, {}, "error", "malformed"),
        (200, {"ItemId": 0, "Title": "Dune"}, "error", "malformed"),
        (200, [], "error", "malformed"),
        (502, REAL, "error", "502"),  # a failure is a failure, whatever its body says
        (404, {}, "error", "404"),
        (301, REAL, "error", "301"),
    ],
)
def test_kinds(status: int, document: Any, kind: str, error: str | None) -> None:
    content = read_content(status, json.dumps(document).encode())
    assert (content.kind, content.error) == (kind, error)


@pytest.mark.parametrize("body", [b"", b"Bad Gateway", b"\xff\xfe", b"null", b'{"Metadata": 7}'])
def test_a_body_that_says_nothing_is_an_error(body: bytes) -> None:
    assert read_content(200, body) == ("error", "malformed", None, None, None)


def test_an_instances_own_error_keeps_its_name() -> None:
    body = json.dumps({"Error": "no table", "Metadata": METADATA}).encode()
    assert read_content(502, body) == ("error", "502", "i-1", "us-east-1a", "1.0.0")
