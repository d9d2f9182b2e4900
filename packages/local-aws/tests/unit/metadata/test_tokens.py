from __future__ import annotations

import pytest

from local_aws.metadata.tokens import Tokens


def test_token_lasts_as_long_as_requested() -> None:
    tokens = Tokens()
    token = tokens.issue(60, now=1000)
    assert tokens.remaining_seconds(token, now=1000) == 60
    assert tokens.remaining_seconds(token, now=1059) == 1
    assert tokens.remaining_seconds(token, now=1060) == 0


def test_tokens_differ_and_belong_to_one_instance() -> None:
    tokens = Tokens()
    assert tokens.issue(60, now=1000) != tokens.issue(60, now=1000)
    assert Tokens().remaining_seconds(tokens.issue(60, now=1000), now=1000) == 0


@pytest.mark.parametrize("token", ["", "x", "AAAA", "=" * 100, "é", "\x00"])
def test_made_up_token(token: str) -> None:
    assert Tokens().remaining_seconds(token, now=0) == 0


def test_changed_token() -> None:
    tokens = Tokens()
    token = tokens.issue(60, now=1000)
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    assert tokens.remaining_seconds(changed, now=1000) == 0
