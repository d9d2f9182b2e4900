"""Programs on this machine are welcome, web pages are not."""

from __future__ import annotations

import pytest

from local_aws.control_plane.endpoint.browser_guard import refusal


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:4566", "localhost:4566", "[::1]:4566", "bucket.localhost:4566"],
)
def test_loopback_names_are_welcome(host: str) -> None:
    assert refusal(host, None, None) is None


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:4566",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "s3.amazonaws.com",
        "192.168.1.7:4566",
        "[::1",
        "user@evil.example",
    ],
)
def test_a_rebound_name_is_refused(host: str | None) -> None:
    assert "Host" in str(refusal(host, None, None))


@pytest.mark.parametrize(
    ("origin", "fetch_site", "welcome"),
    [
        (None, None, True),
        (None, "none", True),
        ("http://127.0.0.1:4566", "same-origin", True),
        ("http://127.0.0.1:9999", None, False),
        ("https://evil.example", None, False),
        ("null", None, False),
        (None, "cross-site", False),
        (None, "same-site", False),
    ],
)
def test_a_foreign_origin_is_refused(
    origin: str | None, fetch_site: str | None, welcome: bool
) -> None:
    assert (refusal("127.0.0.1:4566", origin, fetch_site) is None) is welcome
