"""The policy simulator says what the enforcement does."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of
from role_driver import ACCOUNT, allow, denies, policy_document

LIST, DESCRIBE = "dynamodb:ListTables", "ssm:DescribeParameters"


def decisions(answer: dict[str, Any]) -> dict[str, str]:
    return {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}


@pytest.mark.parametrize(
    ("statements", "boundary", "expected"),
    [
        ([allow("dynamodb:*")], None, ("allowed", "implicitDeny")),
        ([allow("*"), {**allow("ssm:*"), "Effect": "Deny"}], None, ("allowed", "explicitDeny")),
        ([allow("*")], [allow("ssm:*")], ("implicitDeny", "allowed")),
        ([{**allow("*"), "NotAction": "ssm:*"}], None, ("allowed", "implicitDeny")),
    ],
    ids=["allow", "deny", "boundary", "NotAction"],
)
def test_a_users_policies_are_simulated_as_they_are_enforced(
    aws: Any,
    unique_name: str,
    statements: list[dict[str, Any]],
    boundary: list[dict[str, Any]] | None,
    expected: tuple[str, str],
) -> None:
    """API_SimulatePrincipalPolicy, API_EvaluationResult."""
    iam, user = aws("iam"), {"UserName": unique_name}
    for statement in statements:
        if "NotAction" in statement:
            del statement["Action"]
    arn = iam.create_user(**user)["User"]["Arn"]
    document = policy_document(*statements)
    iam.put_user_policy(**user, PolicyName="own", PolicyDocument=document)
    if boundary:
        bounds = policy_document(*boundary)
        made = iam.create_policy(PolicyName=unique_name, PolicyDocument=bounds)["Policy"]["Arn"]
        iam.put_user_permissions_boundary(**user, PermissionsBoundary=made)
    key = iam.create_access_key(**user)["AccessKey"]
    keys = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }

    answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[LIST, DESCRIBE])

    assert decisions(answer) == dict(zip((LIST, DESCRIBE), expected, strict=True))
    enforced = (aws("dynamodb", **keys).list_tables, aws("ssm", **keys).describe_parameters)
    assert [not denies(call) for call in enforced] == [each == "allowed" for each in expected]
    details = [
        each.get("PermissionsBoundaryDecisionDetail") for each in answer["EvaluationResults"]
    ]
    allowed = [{"AllowedByPermissionsBoundary": each} for each in (False, True)]
    assert details == (allowed if boundary else [None, None])


def test_custom_policies_are_simulated_with_the_keys_that_are_given(aws: Any) -> None:
    """API_SimulateCustomPolicy: ResourceArns, ContextEntries, MissingContextValues, Marker;
    API_GetContextKeysForCustomPolicy."""
    iam = aws("iam")
    bucket = "arn:aws:s3:::b/${aws:username}/*"
    is_red = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    call = {
        "PolicyInputList": [policy_document(allow("s3:Get*", bucket, Condition=is_red))],
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::b/alice/k", "arn:aws:s3:::b/bob/k"],
    }
    required = ["aws:username", "aws:PrincipalTag/team"]
    listed = iam.get_context_keys_for_custom_policy(PolicyInputList=call["PolicyInputList"])
    assert listed["ContextKeyNames"] == required

    first, second = iam.simulate_custom_policy(**call)["EvaluationResults"]
    assert (first["EvalDecision"], second["EvalDecision"]) == ("implicitDeny", "implicitDeny")
    assert first["MissingContextValues"] == required

    entries = [
        {"ContextKeyName": name, "ContextKeyType": "string", "ContextKeyValues": [value]}
        for name, value in (("aws:username", "alice"), ("aws:principaltag/team", "red"))
    ]
    page = iam.simulate_custom_policy(**call, ContextEntries=entries, MaxItems=1)
    assert page["IsTruncated"]
    assert page["EvaluationResults"][0]["EvalDecision"] == "allowed"
    rest = iam.simulate_custom_policy(**call, ContextEntries=entries, Marker=page["Marker"])
    assert [each["EvalResourceName"] for each in rest["EvaluationResults"]] == [
        "arn:aws:s3:::b/bob/k"
    ]
    assert rest["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    assert not rest["IsTruncated"]


def test_the_principal_of_a_simulation_exists(aws: Any, unique_name: str) -> None:
    """API_SimulatePrincipalPolicy: NoSuchEntity; a group's policies are simulated, too."""
    iam, group = aws("iam"), {"GroupName": unique_name}
    arn = iam.create_group(**group)["Group"]["Arn"]
    document = policy_document(allow(LIST))
    iam.put_group_policy(**group, PolicyName="p", PolicyDocument=document)
    answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[LIST, DESCRIBE])
    assert decisions(answer) == {LIST: "allowed", DESCRIBE: "implicitDeny"}

    nobody = {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/nobody", "ActionNames": [LIST]}
    assert error_of(iam.simulate_principal_policy, **nobody)[0] == "NoSuchEntity"
