"""Numbers and addresses that no observer can keep to are refused before anything starts."""

import math
import re

import pytest

from evidence.observe.limits import LIMITS, check, check_url
from evidence.prober import Prober


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_both_ends_are_valid_and_nothing_beyond(name: str) -> None:
    limit = LIMITS[name]
    check(name, limit.lowest)
    check(name, limit.highest)
    for value in (limit.lowest - 1, -5, limit.highest * 2 + 1, math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=rf"{name} is .*are expected") as raised:
            check(name, value)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("rate", [0, -5, math.nan, math.inf, 1e6])
def test_a_prober_refuses_a_rate_that_it_cannot_keep(rate: float) -> None:
    with pytest.raises(ValueError, match=r"rate is .*; 0\.1 to 5,000 requests a second"):
        Prober("http://127.0.0.1:9/", rate, 1, print)
    with pytest.raises(ValueError, match="request_timeout_seconds is 0"):
        Prober("http://127.0.0.1:9/", 50, 0, print)


@pytest.mark.parametrize(
    "url",
    [
        *("", "127.0.0.1:8080/", "localhost:8080", "//localhost/", "ftp://localhost/"),
        *("http://", "http:///x", "http://:80/", "http://user@/", "http:localhost"),
        *("http://localhost:x/", "http://localhost:99999/", "http://[::1", "http://a b/"),
    ],
)
def test_a_prober_refuses_what_is_no_address_of_a_service(url: str) -> None:
    expected = rf"^url is {re.escape(repr(url))}; http:// or https:// with a host is expected, such"
    with pytest.raises(ValueError, match=expected) as raised:
        Prober(url, 50, 1, print)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["http://localhost", "HTTPS://a.example:8443/x?y=z", "http://[::1]:80/", "http://b\xfc.de/"],
)
def test_an_address_of_a_service_is_valid(url: str) -> None:
    check_url("url", url)
    Prober(url, 50, 1, print)
