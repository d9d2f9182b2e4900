from __future__ import annotations

import pytest

from local_aws.control_plane import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT5M", 300),
        ("PT0S", 0),
        ("PT1H", 3600),
        ("PT1H30M", 5400),
        ("PT90S", 90),
        ("PT1M30S", 90),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert durations.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "PT", "5M", "P1D", "PT5", "PT5X", "PT5M4"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        durations.seconds(text)
