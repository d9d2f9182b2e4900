"""Requests for a part of an object's content."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from refusals import refusal_of

SELECTION: dict[str, Any] = {
    "Key": "k",
    "Expression": "SELECT * FROM s3object",
    "ExpressionType": "SQL",
    "InputSerialization": {"JSON": {"Type": "LINES"}},
    "OutputSerialization": {"JSON": {}},
}


@pytest.mark.parametrize("expression", ["true", "SELECT", "SELECT * FROM"])
def test_an_expression_that_is_none_is_refused(s3: Any, bucket: str, expression: str) -> None:
    """API_SelectObjectContent: "the SQL expression"."""
    s3.put_object(Bucket=bucket, Key="k", Body=b'{"a": 1}')
    asked = SELECTION | {"Bucket": bucket, "Expression": expression}
    assert refusal_of(s3.select_object_content, **asked)[:2] == (400, "ParseUnexpectedToken")


def test_a_selection_says_how_its_input_is_written(s3: Any, bucket: str) -> None:
    """API_SelectObjectContent, InputSerialization."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    asked = SELECTION | {"Bucket": bucket, "InputSerialization": {}, "OutputSerialization": {}}
    assert refusal_of(s3.select_object_content, **asked)[:2] == (400, "MissingRequiredParameter")


COMPRESSED = gzip.compress(b'{"a": 1}', mtime=0)


@pytest.mark.parametrize(
    ("compression", "body", "code"),
    [
        pytest.param("GZIP", b'{"a": 1}', "InvalidCompressionFormat", id="not gzip"),
        pytest.param("BZIP2", b'{"a": 1}', "InvalidCompressionFormat", id="not bzip2"),
        pytest.param("GZIP", COMPRESSED[:-9], "InvalidCompressionFormat", id="cut off"),
        pytest.param(
            "GZIP", COMPRESSED[:10] + b"\xff" * 20, "InvalidCompressionFormat", id="spoiled"
        ),
        pytest.param("NONE", b"\xff\xfe", "InvalidTextEncoding", id="not UTF-8"),
    ],
)
def test_a_selection_is_of_what_its_request_says(
    s3: Any, bucket: str, compression: str, body: bytes, code: str
) -> None:
    """S3 API Reference, "List of SELECT Object Content Error Codes"."""
    s3.put_object(Bucket=bucket, Key="k", Body=body)
    given = {"CompressionType": compression, "JSON": {"Type": "LINES"}}
    asked = SELECTION | {"Bucket": bucket, "InputSerialization": given}
    assert refusal_of(s3.select_object_content, **asked)[:2] == (400, code)
