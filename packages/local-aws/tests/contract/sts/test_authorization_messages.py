"""Why EC2 refused something, for who may decode it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import allow

_SAYS = "Encoded authorization failure message: "


@pytest.mark.parametrize("is_denied", [False, True])
def test_ec2_says_encoded_what_it_refuses(
    aws: Any, session: Callable[..., dict[str, str]], is_denied: bool
) -> None:
    """API_DecodeAuthorizationMessage; messages and decoded ones as users reported them."""
    denial = {"Sid": "Never", "Effect": "Deny", "Action": "ec2:CreateVpc", "Resource": "*"}
    keys = session(allow("sqs:*"), *([denial] if is_denied else []))

    refused = refusal_of(aws("ec2", **keys).create_vpc, CidrBlock="10.0.0.0/16")

    assert refused[:2] == (403, "UnauthorizedOperation")
    text, _, encoded = refused[2].partition(_SAYS)
    assert text.startswith("You are not authorized to perform this operation. User: ")
    decoded = aws("sts").decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"]
    failure = json.loads(decoded)
    assert (failure["allowed"], failure["explicitDeny"]) == (False, is_denied)
    matched = [
        {
            "statementId": "Never",
            "effect": "DENY",
            "actions": {"items": [{"value": "ec2:CreateVpc"}]},
            "resources": {"items": [{"value": "*"}]},
        }
    ]
    assert failure["matchedStatements"] == {"items": matched if is_denied else []}
    context = failure["context"]
    assert context["principal"]["arn"] == aws("sts", **keys).get_caller_identity()["Arn"]
    assert context["action"] == "ec2:CreateVpc"
    region = {"key": "ec2:region", "values": {"items": [{"value": "us-east-1"}]}}
    assert region in context["conditions"]["items"]
    refused = refusal_of(aws("sts", **keys).decode_authorization_message, EncodedMessage=encoded)
    assert refused[:2] == (403, "AccessDenied")


def test_another_text_is_no_authorization_message(aws: Any) -> None:
    """API_DecodeAuthorizationMessage: InvalidAuthorizationMessageException."""
    refused = refusal_of(aws("sts").decode_authorization_message, EncodedMessage="none")
    assert refused == (400, "InvalidAuthorizationMessageException", "Message is not valid")
