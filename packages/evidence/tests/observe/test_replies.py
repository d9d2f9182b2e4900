"""What kind of reply a body is, by the shape of its service's replies."""

import json
import tracemalloc
from typing import Any

import pytest

from evidence.observe import replies
from evidence.observe.replies import content_reader
from evidence.observe.reply_shape import ANY_SUCCESS, ReplyShape

SHOP = ReplyShape(
    statuses=(200,),
    required={"/ItemId/N": "string", "/Title/S": "string"},
    static={"/ItemId/N": "0", "/Title/S": "Sold out"},
    instance="/Metadata/InstanceId",
    availability_zone="/Metadata/AvailabilityZone",
    release="/Metadata/Release",
)
METADATA = {"InstanceId": "i-1", "AvailabilityZone": "us-east-1a", "Release": "1.0.0"}
REAL = {"ItemId": {"N": "3"}, "Title": {"S": "Sold out"}}
STATIC = {"ItemId": {"N": "0"}, "Title": {"S": "Sold out"}}


@pytest.mark.parametrize(
    ("status", "document", "kind", "error"),
    [
        (200, REAL, "real", None),
        (200, STATIC, "static", None),
        (200, {**STATIC, "Title": {"S": "Dune"}}, "real", None),
        (200, {}, "error", "malformed"),
        (200, {"ItemId": 0, "Title": "Dune"}, "error", "malformed"),
        (200, {"ItemId": {"N": 3}, "Title": {"S": "Dune"}}, "error", "malformed"),
        (200, [], "error", "malformed"),
        (201, REAL, "error", "201"),
        (502, REAL, "error", "502"),  # a failure is a failure, whatever its body says
        (404, {}, "error", "404"),
        (301, REAL, "error", "301"),
    ],
)
def test_kinds(status: int, document: Any, kind: str, error: str | None) -> None:
    content = content_reader(SHOP)(status, json.dumps(document).encode())
    assert (content.kind, content.error) == (kind, error)


@pytest.mark.parametrize(
    "body",
    [b"", b"Bad Gateway", b"\xff\xfe", b"null", b'{"Metadata": 7}', b"[" * 100_000],
    ids=["empty", "text", "bytes", "null", "number", "nested"],
)
def test_a_body_that_says_nothing_is_an_error(body: bytes) -> None:
    assert content_reader(SHOP)(200, body) == ("error", "malformed", None, None, None)


def test_an_instances_own_error_keeps_its_name() -> None:
    body = json.dumps({"Error": "no table", "Metadata": METADATA}).encode()
    assert content_reader(SHOP)(502, body) == ("error", "502", "i-1", "us-east-1a", "1.0.0")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "real"), (204, "real"), (299, "real"), (300, "error"), (500, "error")],
)
def test_of_an_unknown_service_every_success_is_real(status: int, kind: str) -> None:
    assert content_reader(ANY_SUCCESS)(status, b"hello").kind == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"stock": 3, "open": True}, "real"),
        ({"stock": 0, "open": False}, "static"),
        ({"stock": 0, "open": 0}, "error"),  # in JSON a truth value is no number
        ({"stock": True, "open": False}, "error"),
        ({"stock": "3", "open": False}, "error"),
        ({"open": False}, "error"),
    ],
)
def test_numbers_and_truth_values_are_compared_as_json_has_them(body: Any, kind: str) -> None:
    shape = ReplyShape(
        required={"/stock": "number", "/open": "boolean"}, static={"/stock": 0, "/open": False}
    )
    assert content_reader(shape)(200, json.dumps(body).encode()).kind == kind


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/node", "n-1"),
        ("/by~1zone/0", "first"),
        ("/by~1zone/2", None),
        ("/by~1zone/last", None),
        ("/a~0b", "7"),
        ("/", "empty key"),
        ("/up", None),
        ("/node/0", None),
        ("/torn", None),
    ],
)
def test_places_are_json_pointers(pointer: str, name: str | None) -> None:
    body = {"node": "n-1", "by/zone": ["first", "second"], "a~b": 7, "": "empty key", "up": True}
    body["torn"] = "\ud800"  # half a character, which no file in UTF-8 can hold
    content = content_reader(ReplyShape(instance=pointer))(200, json.dumps(body).encode())
    assert content.instance == name


def test_long_replies_are_not_kept() -> None:
    read_content = content_reader(ReplyShape(instance="/node"))
    padding = "x" * 200_000
    tracemalloc.start()
    try:
        for number in range(100):
            body = json.dumps({"node": number, "padding": padding}).encode()
            assert read_content(200, body) == ("real", None, str(number), None, None)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2_000_000, "100 replies are 20 MB"


def test_short_replies_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    monkeypatch.setattr(replies, "_parsed", lambda body: parsed.append(body) or {})
    read_content = content_reader(ANY_SUCCESS)
    for body in (b"a", b"b", b"a", b"b"):
        read_content(200, body)
    assert parsed == [b"a", b"b"]
