"""docs/behaviours.md is what the contract tests say."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def test_the_page_is_written_from_these_tests() -> None:
    """Otherwise: python packages/local-aws/tests/contract/behaviours.py"""
    path = Path(__file__).parents[1] / "contract/behaviours.py"
    spec = importlib.util.spec_from_file_location("behaviours", path)
    behaviours = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(behaviours)
    assert behaviours.PAGE.read_text() == behaviours.page()
