"""What `make aws-parity` plays, and that it removes what it deployed however that ends."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from safeguards import values

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "account" / "parity.py"
ACCOUNT = "123456789012"
ALL = [*("deploy.yml", "demo.yml", "deploy.yml", "scenario.yml", "destroy.yml", "report.yml")]


@pytest.fixture
def parity() -> ModuleType:
    specification = importlib.util.spec_from_file_location("parity", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class Played:
    """In place of ansible-playbook: each command that observes leaves a newer run.

    `failing` is the number of the command that fails; the one that is `interrupted` gets a Ctrl-C.
    """

    def __init__(self, runs: Path) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.latest = runs / "latest"
        self.failing = self.interrupted = -1

    def __call__(self, *words: str) -> int:
        number = len(self.commands)
        self.commands.append(words)
        [playbook] = [word for word in words if word.endswith(".yml")]
        if playbook in ("demo.yml", "scenario.yml"):
            self.latest.unlink(missing_ok=True)
            self.latest.symlink_to(playbook.removesuffix(".yml"))
        if number == self.interrupted:
            raise KeyboardInterrupt
        return 2 if number == self.failing else 0

    def playbooks(self) -> list[str]:
        return [word for words in self.commands for word in words if word.endswith(".yml")]


@pytest.fixture
def playing(parity: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    playing = Played(tmp_path)
    monkeypatch.setattr(parity, "play", playing)
    monkeypatch.setattr(parity, "LATEST", playing.latest)
    return playing


def test_both_are_played_and_compared(parity: ModuleType, playing: Played) -> None:
    assert parity.main(ACCOUNT) == 0
    assert playing.playbooks() == ALL
    assert playing.commands[-1] == ("report.yml", "-e", "run=scenario", "-e", "against=demo")
    assert values.stack_name(parity.STACK) is None
    on_the_account = [words for words in playing.commands if "inventory/aws" in words]
    assert len(on_the_account) == 4
    for words in on_the_account:
        assert f"service_stack_name={parity.STACK}" in words
        assert ("plan=true" in words) != (f"confirm={ACCOUNT}" in words)


@pytest.mark.parametrize(
    ("failing", "then"),
    [
        (0, []),  # the account may not be used
        (1, []),  # not all holds here: then nothing is spent there
        (2, ["destroy.yml"]),
        (3, ["destroy.yml", "report.yml"]),
        (4, ["report.yml"]),
        (5, []),
    ],
)
def test_what_fails_fails_the_command(
    failing: int, then: list[str], parity: ModuleType, playing: Played
) -> None:
    playing.failing = failing
    assert parity.main(ACCOUNT) == 1
    assert playing.playbooks() == [*ALL[: failing + 1], *then]


@pytest.mark.parametrize("interrupted", [2, 3])
def test_ctrl_c_leaves_nothing_on_the_account(
    interrupted: int, parity: ModuleType, playing: Played
) -> None:
    playing.interrupted = interrupted
    with pytest.raises(KeyboardInterrupt):
        parity.main(ACCOUNT)
    assert playing.playbooks()[-1] == "destroy.yml"


@pytest.mark.parametrize("account", ["", "ada", "123", f"{ACCOUNT} "])
def test_an_account_is_expected(account: str) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, account], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"{account!r} is no account; twelve digits are expected: "
        "make aws-parity ACCOUNT=123456789012\n"
    )
