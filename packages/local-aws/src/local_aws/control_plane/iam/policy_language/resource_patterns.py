"""Whether an ARN fits the pattern of a policy's Resource, segment by segment. Pure.

Source: "IAM JSON policy elements: Resource" in the IAM User Guide.
"""

from __future__ import annotations

import re

from local_aws.control_plane import wildcards


def matches(pattern: str, arn: str) -> bool:
    """Whether an ARN fits the pattern of a Resource.

    A * goes on beyond a colon only where it is the last character of its segment.
    """
    return wildcards.matches(pattern, arn) and (
        not re.search(r"\*+[^*:]", pattern) or _matches_by_segment(pattern, arn)
    )


def _matches_by_segment(pattern: str, arn: str) -> bool:
    """Follow the pattern with all positions in the ARN at once, one bit each.

    It takes no longer than the length of the pattern times that of the ARN.
    """
    whole = (2 << len(arn)) - 1
    within = sum(1 << place for place, character in enumerate(arn) if character != ":")
    places = dict.fromkeys(wildcards.plain(pattern), 0)
    for place, character in enumerate(arn):
        if character in places:
            places[character] |= 1 << place
    reached = 1
    for number, character in enumerate(pattern):
        if character == "?":
            reached = reached << 1 & whole
        elif character != "*":
            reached = (reached & places[wildcards.plain(character)]) << 1
        elif pattern[number + 1 : number + 2] in ("", ":", "*"):
            reached = whole & -(reached & -reached)
        else:  # the sum carries each position to the end of its segment
            reached |= ((reached & within) + within) ^ within
    return bool(reached >> len(arn) & 1)
