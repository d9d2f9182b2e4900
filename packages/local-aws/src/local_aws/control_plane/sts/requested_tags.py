"""The tags that a request gives to a session: which there can be.

Source: "Pass session tags in AWS STS" and "Rules for tagging in IAM and AWS STS" in the IAM User
Guide; refusals of the real STS as users reported them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from moto.sts.exceptions import STSClientError

from local_aws.control_plane.iam.api import reserved_tags


class InvalidTagsError(STSClientError):
    """A session's tags that cannot be; AWS's InvalidParameterValue."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidParameterValue", message)


def require(
    tags: Sequence[dict[str, str]],
    transitive: Sequence[str] = (),
    inherited: Collection[str] = (),
) -> None:
    """Raise InvalidTagsError unless a session can have the tags.

    `transitive` are the keys of those that go on to the sessions that it starts, `inherited` those
    that it has from the session that starts it. Keys are not case-sensitive: two that differ in
    case are duplicates.
    """
    keys = [tag["Key"].lower() for tag in tags]
    if len({*keys}) < len(keys):
        raise InvalidTagsError(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    for tag in tags:
        if reserved_tags.is_reserved(tag):
            raise InvalidTagsError(f"Tags must not begin with {reserved_tags.PREFIX}: {tag['Key']}")
    going_on = {key.lower() for key in transitive}
    if not going_on <= {*keys}:
        raise InvalidTagsError(
            "The specified transitive tag key must be included in the requested tags."
        )
    if {key.lower() for key in inherited} & {*keys}:
        raise InvalidTagsError(
            "One of the specified transitive tag keys can't be set because it conflicts with a "
            "transitive tag key from the calling session."
        )
