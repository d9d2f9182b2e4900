"""ISO 8601 durations, as CloudFormation's creation and update policies take them."""

from __future__ import annotations

import re

_DURATION = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def seconds(text: str) -> float:
    """The seconds of a duration such as PT5M or PT1H30S. Raises ValueError.

    AWS: "CreationPolicy attribute" and "UpdatePolicy attribute" in the CloudFormation Template
    Reference.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration such as PT5M or PT1H30S")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + seconds)
