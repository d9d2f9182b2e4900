"""Stack policies protect resources from updates, and from nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter, template_body

ALL = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements)})


def deny(action: str, **others: Any) -> dict[str, Any]:
    return {**ALL, "Effect": "Deny", "Action": action, **others}


def two(one: str, **properties: Any) -> dict[str, Any]:
    return {"One": parameter(one, **properties), "Two": parameter("2")}


def refused(stacks: StackDriver, name: str) -> str:
    """What became of One; the stack must be as it was."""
    assert stacks.described(name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    return stacks.failures(name)["One"]


def test_what_a_statement_denies_is_not_updated(
    stacks: StackDriver, aws: Any, unique_name: str
) -> None:
    """CloudFormation User Guide, "Prevent updates to stack resources": "Action denied by stack
    policy", and the update is rolled back."""
    stacks.create(
        unique_name,
        two("1"),
        StackPolicyBody=policy(ALL, deny("Update:Modify", Resource="LogicalResourceId/One")),
    )

    stacks.update(unique_name, {**two("changed"), "Two": parameter("other")})

    said = refused(stacks, unique_name)
    assert said == "Action denied by stack policy: Statement [#2] denies Update:Modify"
    names = [stacks.physical_id(unique_name, each) for each in ("One", "Two")]
    kept = aws("ssm").get_parameters(Names=names)["Parameters"]
    assert {each["Value"] for each in kept} == {"1", "2"}

    assert stacks.update(unique_name, {**two("1"), "Two": parameter("other")})


def test_with_a_policy_what_no_statement_allows_is_protected(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Prevent updates to stack resources": the default is to deny."""
    stacks.create(unique_name, two("1"))
    allowed = {**ALL, "Resource": "LogicalResourceId/Tw*"}
    stacks.client.set_stack_policy(StackName=unique_name, StackPolicyBody=policy(allowed))

    stacks.update(unique_name, two("changed"))

    assert refused(stacks, unique_name).endswith("no statement allows Update:Modify of One")
    assert stacks.client.get_stack_policy(StackName=unique_name)["StackPolicyBody"] == policy(
        allowed
    )


@pytest.mark.parametrize(
    ("action", "changed"),
    [
        ("Update:Replace", two("1", Name="/another/name")),
        ("Update:Delete", {"Two": parameter("2")}),
    ],
)
def test_replacing_and_removing_are_actions_of_their_own(
    action: str, changed: dict[str, Any], stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Prevent updates to stack resources": Update:Replace and
    Update:Delete; a condition on the resource's type."""
    only = {"StringEquals": {"ResourceType": ["AWS::SSM::Parameter"]}}
    stacks.create(unique_name, two("1"), StackPolicyBody=policy(ALL, deny(action, Condition=only)))

    stacks.update(unique_name, changed)

    assert refused(stacks, unique_name).endswith(f"denies {action}")
    assert stacks.update(unique_name, two("modified"))["StackStatus"] == "UPDATE_COMPLETE"


def test_an_update_may_bring_a_policy_of_its_own(stacks: StackDriver, unique_name: str) -> None:
    """API_UpdateStack: StackPolicyDuringUpdateBody overrides the stack's policy once."""
    protecting = policy(deny("Update:*"))
    stacks.create(unique_name, two("1"), StackPolicyBody=protecting)

    done = stacks.update(unique_name, two("2"), StackPolicyDuringUpdateBody=policy(ALL))

    assert done["StackStatus"] == "UPDATE_COMPLETE"
    kept = stacks.client.get_stack_policy(StackName=unique_name)["StackPolicyBody"]
    assert kept == protecting


def test_a_policy_does_not_keep_a_stack_from_being_deleted(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Prevent updates to stack resources": it applies to updates."""
    stacks.create(unique_name, two("1"), StackPolicyBody=policy(deny("Update:*")))

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[]",
        '{"Statements": []}',
        policy({**ALL, "Effect": "Maybe"}),
        policy({**ALL, "Principal": "me"}),
        policy({**ALL, "NotAction": "Update:*"}),
        policy({**ALL, "Action": "Update:Rename"}),
        policy({**ALL, "Condition": {"Bool": {"a": "b"}}}),
    ],
)
def test_what_is_no_policy_is_refused(text: str, stacks: StackDriver, unique_name: str) -> None:
    """API_SetStackPolicy: ValidationError, without a reason in AWS's answers as recorded."""
    stacks.create(unique_name, two("1"))

    with pytest.raises(ClientError) as refused:
        stacks.client.set_stack_policy(StackName=unique_name, StackPolicyBody=text)

    assert refused.value.response["Error"]["Message"] == (
        "Error validating stack policy: Invalid stack policy"
    )


def test_an_empty_policy_protects_nothing(stacks: StackDriver, unique_name: str) -> None:
    """Recorded from AWS: {} is a stack policy, and is returned as it was given."""
    stacks.create(unique_name, two("1"), StackPolicyBody=policy(deny("Update:*")))

    stacks.client.set_stack_policy(StackName=unique_name, StackPolicyBody="{}")

    assert _shown_policy(stacks, unique_name) == "{}"
    assert stacks.update(unique_name, two("2"))["StackStatus"] == "UPDATE_COMPLETE"


def test_a_policy_is_given_once(stacks: StackDriver, unique_name: str) -> None:
    """API_SetStackPolicy: "StackPolicyBody or StackPolicyURL, but not both"; words as recorded."""
    stacks.create(unique_name, two("1"))

    with pytest.raises(
        ClientError, match="You cannot specify both StackPolicyURL and StackPolicyBody"
    ):
        stacks.client.set_stack_policy(
            StackName=unique_name,
            StackPolicyBody=policy(ALL),
            StackPolicyURL="https://s3.amazonaws.com/bucket/key",
        )


def test_policies_of_an_update_are_shown_while_they_hold(
    stacks: StackDriver, unique_name: str
) -> None:
    """Recorded from AWS: GetStackPolicy returns StackPolicyDuringUpdateBody during the update, and
    StackPolicyBody of UpdateStack only after it."""
    waiting = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "2"},
        },
    }
    during, after = policy(ALL, deny("Update:Delete")), policy(ALL)
    stacks.create(unique_name, two("1"))

    stacks.client.update_stack(
        StackName=unique_name,
        TemplateBody=template_body({**two("2"), **waiting}),
        StackPolicyDuringUpdateBody=during,
        StackPolicyBody=after,
    )
    shown = _shown_policy(stacks, unique_name)
    status = stacks.settled(unique_name)["StackStatus"]

    assert (shown, status) == (during, "UPDATE_ROLLBACK_COMPLETE")
    assert _shown_policy(stacks, unique_name) is None
    assert stacks.update(unique_name, two("3"), StackPolicyBody=after)
    assert _shown_policy(stacks, unique_name) == after


def _shown_policy(stacks: StackDriver, name: str) -> str | None:
    shown: str | None = stacks.client.get_stack_policy(StackName=name).get("StackPolicyBody")
    return shown
