"""On AWS a live page has no buttons without consent, and none for another account."""

import runpy
from pathlib import Path
from typing import Any

import pytest

PLUGIN: dict[str, Any] = runpy.run_path(
    str(Path(__file__).resolve().parents[3] / "action_plugins/service_page.py")
)
ACCOUNT = "210987654321"


def test_a_local_page_has_buttons() -> None:
    assert PLUGIN["read_only"]("local", "123456789012", "") == ""


def test_on_aws_they_need_consent() -> None:
    assert f"watch.yml -e confirm={ACCOUNT}" in PLUGIN["read_only"]("aws", ACCOUNT, "")
    assert PLUGIN["read_only"]("aws", ACCOUNT, ACCOUNT) == ""
    with pytest.raises(ValueError, match=f"the account is {ACCOUNT}"):
        PLUGIN["read_only"]("aws", ACCOUNT, "111111111111")
