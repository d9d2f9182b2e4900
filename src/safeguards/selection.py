"""What --tags and --skip-tags leave of a playbook. Ansible plays nothing, and says nothing."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

_OF_ANSIBLE = ("all", "always", "never", "tagged", "untagged")
_OF_MOLECULE = ("molecule-notest", "notest")
"""It skips these in whatever it plays."""

_PREFLIGHT = "always"


def wrong_tags(
    run_tags: Sequence[str], skip_tags: Sequence[str], of_plays: Sequence[Collection[str]]
) -> str | None:
    """What is wrong with the tags, in one line; `of_plays` are the tags of each play."""
    if _PREFLIGHT in skip_tags:
        return "--skip-tags always would leave out the preflight, which checks what is changed"
    if "" in run_tags:
        return "--tags is empty. Leave it out to play all, or name one or more, with commas between"
    named = sorted({tag for tags in of_plays for tag in tags} - {_PREFLIGHT, "never"})
    known = {*named, *_OF_ANSIBLE, *_OF_MOLECULE}
    # An empty --skip-tags skips nothing: molecule gives one.
    unknown = sorted({*run_tags, *filter(None, skip_tags)} - known)
    listed = f"The tags are: {', '.join(named)}" if named else "This playbook has no tags"
    if unknown:
        close = difflib.get_close_matches(unknown[0], named, n=1)
        meant = f"; did you mean {close[0]}?" if close else "."
        return f"No play has the tag {', '.join(unknown)}{meant} {listed}"
    if not any(is_left(tags, run_tags, skip_tags) for tags in of_plays):
        return f"--tags and --skip-tags leave nothing to play. {listed}"
    return None


def is_left(tags: Collection[str], run_tags: Sequence[str], skip_tags: Sequence[str]) -> bool:
    """Whether a play, other than the preflight, is played with these --tags and --skip-tags."""
    if _PREFLIGHT in tags:
        return False
    kinds = {*tags, "tagged" if tags else "untagged"}
    return bool(kinds & set(run_tags) or "all" in run_tags) and not (
        kinds & set(skip_tags) or "all" in skip_tags
    )
