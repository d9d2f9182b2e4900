"""The shape of a service's replies: checked when read, kept as JSON, and used by the observer."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from evidence.observe.reply_shape import ANY_SUCCESS, ReplyShape

WRITTEN = {
    "statuses": [200, 203],
    "required": {"/id": "number", "/title": "string"},
    "static": {"/id": 0},
    "instance": "/served~1by/0",
    "availability_zone": None,
    "release": "/version",
}


def test_it_comes_back_from_json_as_it_was() -> None:
    shape = ReplyShape.from_dict(WRITTEN)
    assert shape.statuses == (200, 203)
    assert ReplyShape.from_dict(json.loads(json.dumps(asdict(shape)))) == shape
    assert json.loads(json.dumps(asdict(shape))) == WRITTEN


def test_what_is_not_said_is_the_default() -> None:
    assert ReplyShape.from_dict({}) == ANY_SUCCESS
    assert ReplyShape.from_dict(dict.fromkeys(WRITTEN)) == ANY_SUCCESS


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], r"the whole is \[\]; a mapping"),
        ({"status": [200]}, r"unknown status \(valid: statuses, required, static, instance, "),
        (
            {"statuses": 200},
            r"statuses is 200; a list of HTTP statuses, such as \[200\] is expected",
        ),
        ({"statuses": []}, r"statuses is \(\); "),
        ({"statuses": ["200"]}, r"statuses is \('200',\); "),
        ({"statuses": [True]}, r"statuses is \(True,\); "),
        ({"statuses": [42]}, r"statuses is \(42,\); "),
        ({"required": ["/id"]}, r"required is \['/id'\]; a mapping, such as {\"/id\": \"string\"}"),
        ({"required": {"id": "string"}}, r"a place of required is 'id'; a JSON Pointer"),
        ({"required": {"/id": "text"}}, r"the type of /id is 'text'; one of string, number, "),
        ({"required": {"/id": ["string"]}}, r"the type of /id is \['string'\]; one of string, "),
        ({"static": {"/id": None}}, r"the value of /id is None; a text, a number or a truth value"),
        ({"static": {7: "x"}}, r"a place of static is 7; a JSON Pointer"),
        ({"instance": "Metadata.InstanceId"}, r"instance is 'Metadata.InstanceId'; a JSON Pointer"),
        ({"instance": "/a~2"}, r"instance is '/a~2'; a JSON Pointer"),
        ({"release": ""}, r"release is ''; a JSON Pointer"),
        ({"availability_zone": 7}, r"availability_zone is 7; a JSON Pointer"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(wrong: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^reply_shape: {message}") as raised:
        ReplyShape.from_dict(wrong)
    assert "\n" not in str(raised.value)
