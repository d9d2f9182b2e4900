"""Policies of functions and layers: a statement's id stands once in each.

Source: API_AddPermission and API_AddLayerVersionPermission in the Lambda API Reference
(ResourceConflictException); the words are those that users reported of AWS.
"""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.policy import Policy

from local_aws.control_plane import moto_seams

_moto_add = Policy.add_statement


class StatementExistsError(LambdaClientError):
    """The policy has a statement of that id."""

    code = 409

    def __init__(self, statement_id: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f"The statement id ({statement_id}) provided already exists. Please provide a new "
            "statement id, or remove the existing statement.",
        )


def install() -> None:
    moto_seams.replace(Policy, add_statement=_add)


def _add(self: Policy, raw: str, qualifier: str | None = None) -> tuple[Any, str]:
    """Each qualifier has a policy of its own; moto keeps them in one."""
    given = json.loads(raw, object_hook=self.decode_policy).statements[0]
    resource = given["Resource"].removesuffix(":$LATEST") + (f":{qualifier}" if qualifier else "")
    for present in self.statements:
        if (present.get("Sid"), present["Resource"]) == (given.get("Sid"), resource):
            raise StatementExistsError(given["Sid"])
    added: tuple[Any, str] = _moto_add(self, raw, qualifier)
    return added
