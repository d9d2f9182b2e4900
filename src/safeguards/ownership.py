"""Whose stack it is, by its tags: a stack of our name is not ours for its name alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

PROJECT = "resilient-service"
PROJECT_TAG = "Project"
STACK_TAG = "resilient-service:stack"
DEPLOYMENT_TAG = "resilient-service:deployment"
LOGICAL_IDS = "DocExampleRecommendationService"
"""Every logical id begins with it, so every generated name is `<stack>-<this>...`."""

ABSENT = "absent"
OWN = "own"
OLDER = "older"
"""Made by a version of this project that did not write the tags of a deployment."""
ADOPTED = "adopted"
"""An older one that the operator takes over, named by its ARN."""
FOREIGN = "foreign"

_DEPLOYMENT = re.compile(r"[0-9a-f]{8}")


def ownership(name: str, arn: str | None, tags: Mapping[str, str], adopt: str = "") -> str:
    """One of the five words above. `arn` is None when there is no such stack.

    `adopt` counts for a stack of an older version only: a foreign one is never taken over.
    """
    if arn is None:
        return ABSENT
    if tags.get(PROJECT_TAG) != PROJECT:
        return FOREIGN
    if STACK_TAG not in tags and DEPLOYMENT_TAG not in tags:
        return ADOPTED if adopt == arn else OLDER
    is_own = tags.get(STACK_TAG) == name and _DEPLOYMENT.fullmatch(tags.get(DEPLOYMENT_TAG, ""))
    return OWN if is_own else FOREIGN
