"""What an instance refresh does next, in tables."""

from __future__ import annotations

from typing import Any

import pytest

from local_aws.control_plane.auto_scaling.group.refresh_preferences import RefreshPreferences
from local_aws.control_plane.auto_scaling.instances.refresh_steps import (
    Bake,
    Fail,
    Finish,
    PassCheckpoint,
    Replace,
    Situation,
    Step,
    Wait,
    next_step,
)

_PLAIN = RefreshPreferences()
_BAKING = RefreshPreferences(bake_seconds=60)
_CHECKED = RefreshPreferences(checkpoints=(30, 60), checkpoint_delay_seconds=600)
_ONCE = RefreshPreferences(checkpoints=(50, 100), checkpoint_delay_seconds=0)
_TIMED = Wait(is_timed=True)
_HELD = Fail("Still protected from scale-in or in standby: a, b")
_ALARM = Fail("The alarm errors is in the state ALARM.")
_NOW = 10_000.0


def step(
    wanted: RefreshPreferences, left: str = "", status: str = "InProgress", **situation: Any
) -> Step:
    """The step of a refresh of three instances; of those in `left`, capital ones are held."""
    return next_step(
        Situation(
            now=_NOW,
            wanted=wanted,
            status=status,
            total=3,
            free=[name for name in left if name.islower()],
            held=[name.lower() for name in left if name.isupper()],
            **situation,
        )
    )


@pytest.mark.parametrize(
    ("left", "situation", "expected"),
    [
        pytest.param("abc", {}, Replace(("a", "b", "c")), id="all, as far as bounds allow"),
        pytest.param("abc", {"is_whole": False}, Replace(("a", "b", "c")), id="bounds decide"),
        pytest.param("aBc", {}, Replace(("a", "c")), id="not the held one"),
        pytest.param("AB", {}, _TIMED, id="held ones only: the hour begins"),
        pytest.param("AB", {"waits_since": _NOW - 3599}, _TIMED, id="within the hour"),
        pytest.param("AB", {"waits_since": _NOW - 3600}, _HELD, id="after the hour"),
        pytest.param("AB", {"is_whole": False}, Wait(), id="the new ones come first"),
        pytest.param("", {"is_whole": False}, Wait(), id="the last new one is not warm"),
        pytest.param("", {}, Finish("Successful"), id="all are replaced"),
    ],
)
def test_instances_are_replaced_and_held_ones_waited_for(
    left: str, situation: dict[str, Any], expected: Step
) -> None:
    assert step(_PLAIN, left, **situation) == expected


@pytest.mark.parametrize(
    ("wanted", "left", "situation", "expected"),
    [
        pytest.param(_CHECKED, "abc", {}, Replace(("a",)), id="as many as make the percentage"),
        pytest.param(_CHECKED, "bc", {"is_whole": False}, Wait(), id="the new one is not warm"),
        pytest.param(_CHECKED, "bc", {}, _TIMED, id="reached: the delay begins"),
        pytest.param(_CHECKED, "bc", {"waits_since": _NOW - 599}, _TIMED, id="within the delay"),
        pytest.param(
            _CHECKED, "bc", {"waits_since": _NOW - 600}, PassCheckpoint(), id="after the delay"
        ),
        pytest.param(
            _CHECKED, "bc", {"checkpoints_passed": 1}, Replace(("b",)), id="to the next one"
        ),
        pytest.param(
            _CHECKED, "c", {"checkpoints_passed": 1}, Finish("Successful"), id="the last one"
        ),
        pytest.param(_CHECKED, "", {}, Finish("Successful"), id="nothing is left to check"),
        pytest.param(_ONCE, "c", {}, PassCheckpoint(), id="no delay"),
        pytest.param(
            _CHECKED, "abc", {"status": "RollbackInProgress"}, Replace(("a", "b", "c")), id="back"
        ),
    ],
)
def test_checkpoints_are_waited_at(
    wanted: RefreshPreferences, left: str, situation: dict[str, Any], expected: Step
) -> None:
    assert step(wanted, left, **situation) == expected


@pytest.mark.parametrize(
    ("status", "situation", "expected"),
    [
        pytest.param("InProgress", {}, Bake(), id="first it bakes"),
        pytest.param("InProgress", {"waits_since": 0.0}, Bake(), id="another wait is none of it"),
        pytest.param("Baking", {"waits_since": _NOW - 59}, _TIMED, id="within the bake time"),
        pytest.param("Baking", {"waits_since": _NOW - 60}, Finish("Successful"), id="baked"),
        pytest.param("Baking", {"alarm": "errors"}, _ALARM, id="an alarm"),
        pytest.param("RollbackInProgress", {}, Finish("RollbackSuccessful"), id="rolled back"),
    ],
)
def test_what_is_replaced_bakes(status: str, situation: dict[str, Any], expected: Step) -> None:
    assert step(_BAKING, status=status, **situation) == expected


@pytest.mark.parametrize(
    ("status", "situation", "expected"),
    [
        pytest.param("InProgress", {"alarm": "errors"}, _ALARM, id="an alarm"),
        pytest.param("Cancelling", {"alarm": "errors"}, _ALARM, id="an alarm meanwhile"),
        pytest.param("Cancelling", {"is_still": False}, Wait(), id="somebody comes or goes"),
        pytest.param("Cancelling", {"is_whole": False}, Finish("Cancelled"), id="still, not warm"),
        pytest.param("RollbackInProgress", {"alarm": "errors"}, Replace(("a",)), id="on its way"),
    ],
)
def test_alarms_and_cancelling_end_it(
    status: str, situation: dict[str, Any], expected: Step
) -> None:
    assert step(_PLAIN, "a", status, **situation) == expected
