"""What `make aws-parity` plays, and that it removes what it deployed however that ends."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from safeguards import values

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "account" / "parity.py"
ACCOUNT = "123456789012"


@pytest.fixture
def parity() -> ModuleType:
    specification = importlib.util.spec_from_file_location("parity", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class Played:
    """In place of ansible-playbook: each command that observes leaves a newer run."""

    def __init__(self, runs: Path, status: Callable[[str], int]) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.latest = runs / "latest"
        self._status = status

    def __call__(self, *words: str) -> int:
        self.commands.append(words)
        [playbook] = [word for word in words if word.endswith(".yml")]
        if playbook in ("demo.yml", "scenario.yml"):
            self.latest.unlink(missing_ok=True)
            self.latest.symlink_to(playbook.removesuffix(".yml"))
        status = self._status(playbook)
        if status < 0:
            raise KeyboardInterrupt
        return status

    def playbooks(self) -> list[str]:
        return [word for words in self.commands for word in words if word.endswith(".yml")]


def played(
    parity: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **status: int
) -> Played:
    playing = Played(tmp_path, lambda playbook: status.get(playbook.removesuffix(".yml"), 0))
    monkeypatch.setattr(parity, "play", playing)
    monkeypatch.setattr(parity, "LATEST", playing.latest)
    return playing


def test_both_are_played_and_compared(
    parity: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing = played(parity, tmp_path, monkeypatch)
    assert parity.main(ACCOUNT) == 0
    assert playing.playbooks() == [
        *("deploy.yml", "demo.yml", "deploy.yml", "scenario.yml", "destroy.yml", "report.yml")
    ]
    assert playing.commands[-1] == ("report.yml", "-e", "run=scenario", "-e", "against=demo")
    assert values.stack_name(parity.STACK) is None
    on_the_account = [words for words in playing.commands if "inventory/aws" in words]
    assert len(on_the_account) == 4
    for words in on_the_account:
        assert f"service_stack_name={parity.STACK}" in words
        assert ("plan=true" in words) != (f"confirm={ACCOUNT}" in words)


@pytest.mark.parametrize("failing", ["demo", "deploy", "scenario", "destroy", "report"])
def test_what_fails_fails_the_command(
    failing: str, parity: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing = played(parity, tmp_path, monkeypatch, **{failing: 2})
    assert parity.main(ACCOUNT) == 1
    # An account that may not be used is known before anything is played.
    assert playing.playbooks() == ["deploy.yml"] or "destroy.yml" in playing.playbooks()


def test_ctrl_c_leaves_nothing_on_the_account(
    parity: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing = played(parity, tmp_path, monkeypatch, scenario=-1)
    with pytest.raises(KeyboardInterrupt):
        parity.main(ACCOUNT)
    assert playing.playbooks()[-1] == "destroy.yml"


@pytest.mark.parametrize("arguments", [(), ("ada",), ("123",), (ACCOUNT, "more")])
def test_an_account_is_expected(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "The account is expected, as twelve digits: make aws-parity ACCOUNT=123456789012\n"
    )
