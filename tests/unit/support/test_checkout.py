"""What a copy of the checkout runs is its own, also where this one is installed editable."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from checkout import OwnCheckout
from defects import Defect, DoesNotApplyError

MODULE = "packages/local-aws/src/local_aws/load_balancing/health_check.py"
NAME = "ELB-HealthChecker/2.0"
IMPORT = "from local_aws.load_balancing.health_check import USER_AGENT; print(USER_AGENT)"


def imported(checkout: OwnCheckout) -> str:
    """What a process sees that gets no environment, like the daemon of the local AWS."""
    return subprocess.check_output(
        [checkout.commands / "python", "-P", "-c", IMPORT], env={}, text=True
    ).strip()


@pytest.fixture
def checkout(tmp_path: Path) -> OwnCheckout:
    return OwnCheckout(tmp_path / "a checkout")


def test_a_defect_is_what_runs_until_it_is_taken_back(checkout: OwnCheckout) -> None:
    defect = Defect(MODULE, f'"{NAME}"', '"a defect"', "another name", "healthy")
    assert imported(checkout) == NAME
    with checkout.having(defect):
        assert not checkout.has_imported(MODULE)
        assert imported(checkout) == "a defect"
        assert checkout.has_imported(MODULE)
    assert not checkout.has_imported(MODULE)
    assert imported(checkout) == NAME


def test_one_that_does_not_fit_changes_nothing(checkout: OwnCheckout) -> None:
    defect = Defect(MODULE, "not there", "a defect", "another name", "healthy")
    with pytest.raises(DoesNotApplyError), checkout.having(defect):
        pass
    assert imported(checkout) == NAME


def test_its_commands_are_run_by_its_own_python(checkout: OwnCheckout) -> None:
    said = subprocess.check_output([checkout.commands / "ansible-playbook", "--version"], text=True)
    assert str(checkout.commands) in said
