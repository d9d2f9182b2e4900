"""Where a play may change something on AWS, and who says so."""

import runpy
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ansible.errors import AnsiblePromptInterrupt
from ansible.utils.display import Display

from safeguards.consent import account_refusal, confirmation_refusal, region_refusal

ACCOUNT = "111122223333"
PREFLIGHT = runpy.run_path(str(Path(__file__).resolve().parents[3] / "action_plugins/preflight.py"))


def test_an_allowed_account_and_region_that_are_confirmed() -> None:
    assert region_refusal("us-east-1", ["us-east-1"]) is None
    assert account_refusal(ACCOUNT, [ACCOUNT]) is None
    assert confirmation_refusal(ACCOUNT, ACCOUNT) is None


@pytest.mark.parametrize("allowed", [[], ["eu-west-1"]])
def test_a_region_must_be_listed(allowed: list[str]) -> None:
    assert "us-east-1 is not in allowed_regions" in str(region_refusal("us-east-1", allowed))


@pytest.mark.parametrize("allowed", [[], ["444455556666"]])
def test_an_account_must_be_listed(allowed: list[str]) -> None:
    assert f'add "{ACCOUNT}" there' in str(account_refusal(ACCOUNT, allowed))


def test_an_emulators_account_is_refused_even_when_it_is_listed() -> None:
    assert "an emulator answers" in str(account_refusal("123456789012", ["123456789012"]))


def test_without_a_terminal_the_line_to_type_is_given() -> None:
    assert f"-e confirm={ACCOUNT}" in str(confirmation_refusal(ACCOUNT, ""))


def test_another_account_is_no_consent() -> None:
    assert "'444455556666', and the account is" in str(
        confirmation_refusal(ACCOUNT, "444455556666")
    )


def test_ctrl_c_at_the_prompt_is_no_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    def prompt_until(*_: Any, **__: Any) -> NoReturn:
        raise AnsiblePromptInterrupt("user interrupt")

    monkeypatch.setattr(Display, "prompt_until", prompt_until)
    preflight = object.__new__(PREFLIGHT["ActionModule"])
    preflight._values = {"confirm": ""}

    given = preflight._confirmation(ACCOUNT, [])

    assert confirmation_refusal(ACCOUNT, given) == (
        f"confirm is 'Ctrl-C', and the account is {ACCOUNT}. Nothing was changed."
    )
