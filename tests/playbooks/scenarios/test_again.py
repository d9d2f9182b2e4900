"""A scenario needs no other one before it, and can be played twice."""

from __future__ import annotations

import pytest


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("name", ["healthy", "fail-open"])
def test_a_scenario_works_alone_and_again(name, playbook):
    for _ in range(2):
        run = playbook("scenario.yml", "--tags", name)
        assert run.status == 0, run.output
