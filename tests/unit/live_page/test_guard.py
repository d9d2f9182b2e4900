"""Who is answered: whoever means this page by its own name, and for the buttons knows the token."""

import pytest

from live_page.guard import HEADERS, is_holder, stranger

HERE = {"Host": "127.0.0.1:8080"}


@pytest.mark.parametrize(
    "headers",
    [
        HERE,
        {"Host": "localhost:8080"},
        HERE | {"Origin": "http://127.0.0.1:8080"},
        HERE | {"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"},
        HERE | {"Sec-Fetch-Site": "none"},
        HERE | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},  # a link
    ],
)
def test_the_page_itself_is_answered(headers: dict[str, str]) -> None:
    assert stranger(headers, 8080) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": ""},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:8081"},
        {"Host": "rebound.example:8080"},
        {"Host": "127.0.0.1:8080.example"},
        HERE | {"Origin": "null"},
        HERE | {"Origin": ""},
        HERE | {"Origin": "http://127.0.0.1:8081"},
        HERE | {"Origin": "https://127.0.0.1:8080"},
        HERE | {"Origin": "http://other.example"},
        HERE | {"Sec-Fetch-Site": "cross-site"},
        HERE | {"Sec-Fetch-Site": "same-site"},
        HERE | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"},
        HERE | {"Origin": "http://other.example", "Sec-Fetch-Dest": "document"},  # a form
    ],
)
def test_another_page_or_another_name_is_not(headers: dict[str, str]) -> None:
    refusal = stranger(headers, 8080)
    assert refusal
    assert "\n" not in refusal


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ("Bearer secret", True),
        ("bearer secret", True),
        ("Bearer Secret", False),
        ("Bearer secret ", False),
        ("Bearer ", False),
        ("Bearer", False),
        ("Basic secret", False),
        ("Bearer s\u00e9cret\udc80", False),
        ("", False),
    ],
)
def test_the_token(given: str, holds: bool) -> None:
    assert is_holder({"Authorization": given}, "secret") is holds


def test_the_policy_lets_nothing_in_from_elsewhere_or_from_markup() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
