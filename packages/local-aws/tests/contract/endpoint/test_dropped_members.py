"""Members of requests that would have no effect: refused by name, and no other is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import moto
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

import local_aws
from local_aws.control_plane.endpoint import dropped_members

MOTO, OURS = Path(moto.__file__).parent, Path(local_aws.__file__).parent
SERVICES = (
    *("acm", "autoscaling", "cloudformation", "cloudwatch", "dynamodb", "elb", "elbv2", "events"),
    *("iam", "kms", "logs", "secretsmanager", "sns", "sqs", "ssm", "sts"),
)
READ_BY_PARTS = {"StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL"}
"""Names that the code puts together."""


def words_of(*folders: Path) -> set[str]:
    """Every name that the code there writes."""
    files = {path for folder in folders for path in folder.rglob("*.py")}
    files.discard(Path(dropped_members.__file__))
    return {word for path in files for word in re.findall(r"\w+", path.read_text())}


def never_named(service: str, model: Any) -> Iterator[str]:
    """The members of operations that are answered, which no code that answers them names."""
    words = words_of(MOTO / service, OURS)
    known = dropped_members.refused(model.signing_name)
    known |= READ_BY_PARTS | dropped_members.WITHOUT_EFFECT.get(model.signing_name, frozenset())
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        if shape and xform_name(operation) in words:
            for member in shape.members:
                if member not in known and not {member, xform_name(member)} & words:
                    yield f"{operation}.{member}"


@pytest.mark.parametrize("service", SERVICES)
def test_no_member_is_dropped_without_a_word(service: str) -> None:
    """botocore's models: a member that nobody reads is refused, or has no effect to see here."""
    model = botocore.session.get_session().get_service_model(service)
    assert list(never_named(service, model)) == []


@pytest.mark.parametrize(
    ("service", "call", "request_", "harmless"),
    [
        (
            "cloudformation",
            "create_change_set",
            {"StackName": "none", "ChangeSetName": "c", "DeploymentMode": "REVERT_DRIFT"},
            None,
        ),
        ("kms", "generate_random", {"NumberOfBytes": 1, "CustomKeyStoreId": "cks-1"}, None),
        (
            "logs",
            "create_log_group",
            {"logGroupName": "archive", "logGroupClass": "INFREQUENT_ACCESS"},
            {"logGroupName": "archive", "logGroupClass": "STANDARD"},
        ),
        (
            "sts",
            "assume_role",
            {
                "RoleArn": "a" * 20,
                "RoleSessionName": "me",
                "ProvidedContexts": [{"ProviderArn": "a" * 20}],
            },
            None,
        ),
    ],
)
def test_a_member_without_effect_here_is_refused_by_name(
    aws: Any,
    service: str,
    call: str,
    request_: dict[str, Any],
    harmless: dict[str, Any] | None,
) -> None:
    """moto accepts it without effect."""
    (name,) = request_.keys() & dropped_members.refused(service)
    with pytest.raises(
        ClientError, match=f"(Validation|InvalidParameter).*{name} is not emulated by the local AWS"
    ):
        getattr(aws(service), call)(**request_)
    if harmless:
        getattr(aws(service), call)(**harmless)
