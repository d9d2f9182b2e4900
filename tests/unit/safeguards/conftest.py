"""What the module service_preflight finds, as the decisions of a preflight read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/0"


@pytest.fixture
def found() -> Callable[..., dict[str, Any]]:
    """`found(ownership, **stack)`: a stack that is deployed, unless it is absent."""

    def of(ownership: str, **stack: Any) -> dict[str, Any]:
        return {
            "ownership": ownership,
            "caller": {"account": "111122223333", "arn": "arn:aws:iam::111122223333:user/ada"},
            "stack": {
                "name": "demo",
                "arn": None if ownership == "absent" else ARN,
                "status": "CREATE_COMPLETE",
                "status_reason": None,
                "parameters": {},
                "outputs": {"TGArn": "arn:tg"},
                **stack,
            },
            "resources": {"AWS::DynamoDB::Table": ["demo-table"], "AWS::IAM::Role": ["r"]},
            "instances": ["i-1", "i-2"],
        }

    return of
