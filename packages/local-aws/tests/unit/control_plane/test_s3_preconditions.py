"""Conditions of a request on an object, one by one and together."""

from __future__ import annotations

from datetime import datetime

import pytest

from local_aws.control_plane.s3.objects import preconditions

MODIFIED = datetime(2026, 1, 2, 3, 4, 5, 600_000)
NOW = datetime(2026, 1, 3)
AT_ONCE = "Fri, 02 Jan 2026 03:04:05 GMT"
BEFORE = "Thu, 01 Jan 2026 00:00:00 GMT"
YET_TO_COME = "Sun, 04 Jan 2026 00:00:00 GMT"
ETAG = '"1"'


@pytest.mark.parametrize(
    ("headers", "failed"),
    [
        ({}, None),
        ({"If-Match": '"1"'}, None),
        ({"If-Match": "1"}, None),
        ({"If-Match": "*"}, None),
        ({"If-Match": '"2", "1"'}, None),
        ({"If-Match": '"2"'}, "If-Match"),
        ({"If-Match": "1", "If-Unmodified-Since": BEFORE}, None),
        ({"If-Match": "2", "If-Unmodified-Since": AT_ONCE}, "If-Match"),
        ({"If-Unmodified-Since": AT_ONCE}, None),
        ({"If-Unmodified-Since": BEFORE}, "If-Unmodified-Since"),
        ({"If-Unmodified-Since": "whenever"}, None),
        ({"If-None-Match": '"1"'}, "If-None-Match"),
        ({"If-None-Match": "*"}, "If-None-Match"),
        ({"If-None-Match": '"2"', "If-Modified-Since": AT_ONCE}, None),
        ({"If-None-Match": '"1"', "If-Modified-Since": BEFORE}, "If-None-Match"),
        ({"If-Modified-Since": AT_ONCE}, "If-Modified-Since"),
        ({"If-Modified-Since": BEFORE}, None),
        ({"If-Modified-Since": YET_TO_COME}, None),
        ({"If-Modified-Since": "whenever"}, None),
    ],
)
def test_the_first_condition_that_does_not_hold(
    headers: dict[str, str], failed: str | None
) -> None:
    """API_GetObject, API_CopyObject; RFC 9110, 13.1."""
    assert preconditions.failed(headers, ETAG, MODIFIED, NOW) == failed
    of_source = {f"x-amz-copy-source-{name}": value for name, value in headers.items()}
    found = preconditions.failed(of_source, ETAG, MODIFIED, NOW, prefix="x-amz-copy-source-")
    assert found == failed
