"""The bound of the way back, worked out by Ansible from what was observed alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from project_yaml import loaded, templated

ROLE = Path(__file__).resolve().parents[3] / "roles/observation"
CHECK = {"health_check": {"recovery_seconds": 25.0}}
SETTINGS = {
    "observation_reporting_lag_seconds": 2,
    "observation_sample_interval_seconds": 0.25,
    "observation_policy_lag_seconds": 0,
}


def restoring(**registered: Any) -> list[dict[str, Any]]:
    """The claims about the way back, by what the tasks before have registered."""
    given = {f"__observation_{name}": value for name, value in registered.items()}
    variables = loaded(ROLE / "vars/main.yml") | SETTINGS | given
    claims: list[dict[str, Any]] = templated(variables["__observation_restoring"], variables)
    return claims


@pytest.mark.parametrize(
    ("registered", "seconds"),
    [
        ({"repair": {"at": 100.0}, "restored": {"began_at": 107.5} | CHECK}, 35.75),
        ({"steady": CHECK, "repair": {"at": 100.0}, "restored": {"failed": True}}, 28.25),
        ({"steady": CHECK}, 28.25),
    ],
    ids=["restored", "not restored", "never restoring"],
)
def test_the_bound_is_never_nothing(registered: dict[str, Any], seconds: float) -> None:
    [claim] = restoring(**registered)
    assert claim["claim"] == "the service is restored in time"
    assert float(claim["at_most"]) == pytest.approx(seconds, abs=0.1)


def test_without_a_steady_state_nothing_is_claimed_of_the_way_back() -> None:
    assert restoring() == []
