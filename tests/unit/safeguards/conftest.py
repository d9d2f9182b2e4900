"""What the module service_preflight finds, as the decisions of a preflight read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.resilience.stacks import is_usable

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/0"


@pytest.fixture
def found() -> Callable[..., dict[str, Any]]:
    """`found(ownership, **stack)`: a stack that is deployed, unless it is absent."""

    def of(ownership: str, **stack: Any) -> dict[str, Any]:
        described = {
            "name": "demo",
            "arn": None if ownership == "absent" else ARN,
            "status": None if ownership == "absent" else "CREATE_COMPLETE",
            "status_reason": None,
            "parameters": {},
            "outputs": {"TGArn": "arn:tg"},
            **stack,
        }
        return {
            "ownership": ownership,
            "usable": is_usable(described["status"]),
            "caller": {"account": "111122223333", "arn": "arn:aws:iam::111122223333:user/ada"},
            "stack": described,
            "resources": {"AWS::DynamoDB::Table": ["demo-table"], "AWS::IAM::Role": ["r"]},
            "instances": ["i-1", "i-2"],
        }

    return of
