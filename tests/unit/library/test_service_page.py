"""On AWS a live page has no buttons without consent, and none for another account."""

import runpy
from collections.abc import Callable
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


def test_check_mode_starts_no_page_and_says_whether_it_would(
    run_module: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    where = {"runs_directory": str(tmp_path / "runs"), "stack_name": "demo"}
    start = {"region": "us-east-1", "backend": "aws", "account": ACCOUNT}

    started = run_module("service_page", check=True, state="started", **where, **start)
    assert started["changed"] is True
    assert started["address"] == ""
    assert "This page is read-only" in started["read_only"]
    refused = run_module(
        "service_page", check=True, state="started", **where, **start, confirm="1" * 12
    )
    assert refused["failed"]
    assert run_module("service_page", check=True, state="stopped", **where)["changed"] is False
    assert not (tmp_path / "runs").exists()
