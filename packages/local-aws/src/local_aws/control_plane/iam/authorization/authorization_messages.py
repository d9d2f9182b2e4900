"""Why EC2 refused something, encoded for whoever may decode it.

Only the control plane that has encoded a message decodes it, until it ends: the key is its own.
Source: API_DecodeAuthorizationMessage; decoded messages as users reported them. Condition keys are
those that the local AWS has a value of, in lower case.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from local_aws.control_plane.iam.actions.questions import Question
from local_aws.control_plane.iam.policy_language import conditions
from local_aws.control_plane.iam.policy_language.conditions import Context
from local_aws.control_plane.iam.policy_language.policies import Statement
from local_aws.control_plane.iam.sessions.callers import Caller

_CIPHER = Fernet(Fernet.generate_key())


class UndecodableError(Exception):
    """A text that is no message of this control plane."""


def encode(failure: Mapping[str, Any]) -> str:
    """`failure` as text that says nothing to who may not decode it."""
    return _CIPHER.encrypt(zlib.compress(json.dumps(failure).encode())).decode()


def decode(text: str) -> str:
    """The JSON of an encoded failure. Raises UndecodableError."""
    try:
        return zlib.decompress(_CIPHER.decrypt(text.encode())).decode()
    except InvalidToken as error:
        raise UndecodableError from error


def failure_of(
    caller: Caller, question: Question, context: Context, denying: Sequence[Statement]
) -> dict[str, Any]:
    """What DecodedMessage says. `denying` are the statements that deny it, none without any."""
    return {
        "allowed": False,
        "explicitDeny": bool(denying),
        "matchedStatements": _items(_shown(each) for each in denying),
        "failures": _items(()),
        "context": {
            "principal": {"id": caller.user_id, "arn": caller.arn},
            "action": question.action,
            "resource": question.arn,
            "conditions": _items(
                {"key": key, "values": _values(values)} for key, values in sorted(context.items())
            ),
        },
    }


def _shown(statement: Statement) -> dict[str, Any]:
    return {
        "statementId": str(statement.get("Sid", "")),
        "effect": str(statement.get("Effect", "")).upper(),
        "actions": _values(conditions.as_list(statement.get("Action", []))),
        "resources": _values(conditions.as_list(statement.get("Resource", []))),
    }


def _values(values: Iterable[str]) -> dict[str, Any]:
    return _items({"value": value} for value in values)


def _items(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A list as these messages have it."""
    return {"items": list(items)}
