"""How requests name parameters: by a name or an ARN, and by a selector of one of its versions.

Source: API_PutParameter: Name ("Naming Constraints"); API_GetParameter: Name; API_Parameter:
Selector; answers of the real Systems Manager as they have been recorded.
"""

from __future__ import annotations

import re

from moto.ssm.exceptions import SSMException, ValidationException

REFERENCES = "/aws/reference/secretsmanager/"
"""What the name of a secret begins with, where it is read as a parameter."""

_PARTS = r"[A-Za-z0-9_.\-]+"
_FORM = re.compile(rf"{_PARTS}|(/{_PARTS})+")
_OF_ARN = ":parameter"
_MOST_LEVELS = 15
_WORDS = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can '
    "consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters,"
    " numbers and the following 3 symbols .-_"
)


def require_form(name: str) -> None:
    """Raise ValidationException for a name that no parameter can have."""
    if not _FORM.fullmatch(name):
        raise ValidationException(_WORDS)


def require_depth(name: str) -> None:
    if name.removeprefix("/").count("/") >= _MOST_LEVELS:
        raise SSMException(
            "HierarchyLevelLimitExceededException",
            f"A hierarchy can have a maximum of {_MOST_LEVELS} levels.",
        )


def split(asked: str) -> tuple[str, str]:
    """The name or ARN of a parameter, and the selector behind it: ":3", ":label" or nothing."""
    arn, of_arn, name = asked.rpartition(_OF_ARN) if asked.startswith("arn:") else ("", "", asked)
    own, colon, version = name.partition(":")
    return f"{arn}{of_arn}{own}", f"{colon}{version}"


def as_asked(asked: str) -> dict[str, str]:
    """Members of an answer that repeat how its parameter was named; an ARN stands for the name."""
    own, selector = split(asked)
    name = {} if own.startswith("arn:") else {"Name": own}
    return {**name, **({"Selector": selector} if selector else {})}
