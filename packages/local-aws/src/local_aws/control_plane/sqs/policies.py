"""Which policies a queue can have. moto takes any document.

Sources: "Amazon SQS policy quotas" in the SQS Developer Guide; "IAM JSON policy element reference"
in the IAM User Guide; refusals of the real SQS as users reported them.
"""

from __future__ import annotations

import json
from typing import Any

from moto.sqs.exceptions import InvalidAttributeValue, SQSException

_LARGEST = 8_192
_MOST_STATEMENTS = 20
_MOST_ACTIONS = 7
_NEEDED = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
"""Each statement has one of each."""


def with_list(policy: str) -> str:
    """The policy with a list of statements, also when the one that was set has one alone.

    Raises SQSException for what is no policy, and for one that is over a quota.
    """
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise InvalidAttributeValue("Policy")
    if isinstance(document.get("Statement"), dict):
        document["Statement"] = [document["Statement"]]
    statements = document.get("Statement")
    if not isinstance(statements, list) or not statements or not all(map(_is_one, statements)):
        raise InvalidAttributeValue("Policy")
    _require_quotas(document)
    return json.dumps(document)


def _is_one(statement: Any) -> bool:
    return (
        isinstance(statement, dict)
        and statement.get("Effect") in ("Allow", "Deny")
        and all(any(statement.get(name) for name in names) for names in _NEEDED)
    )


def _require_quotas(document: dict[str, Any]) -> None:
    # White space is not counted: whether AWS does is not known.
    if len(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()) > _LARGEST:
        raise SQSException("OverLimit", "Submitted policy is over max allowed size.")
    count = len(document["Statement"])
    if count > _MOST_STATEMENTS:
        raise SQSException(
            "OverLimit",
            f"{count} statements were found in the submitted policy, max allowed is "
            f"{_MOST_STATEMENTS}",
        )
    for statement in document["Statement"]:
        actions = statement.get("Action")
        if isinstance(actions, list) and len(actions) > _MOST_ACTIONS:
            raise SQSException(
                "OverLimit",
                f"{len(actions)} actions were found in a statement from the submitted policy, max "
                f"allowed is {_MOST_ACTIONS}",
            )
