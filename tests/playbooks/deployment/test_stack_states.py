"""A stack in each state that CloudFormation can leave it in: what the playbooks say and do."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local_aws_command import eventually
from stack_driver import BROKEN, parameter, table, waiting

PROTECTED_TABLE = table(DeletionProtectionEnabled="true")
UNPROTECTED_TABLE = table()


class OwnStack:
    """A stack of this project's, by its tags, with other resources than the service's."""

    def __init__(self, aws: Callable[[str], Any], name: str) -> None:
        self.aws = aws
        self.name = name
        self.client = aws("cloudformation")

    def create(self, resources: dict[str, Any], **options: Any) -> None:
        self.client.create_stack(**self._request(resources), **options)

    def update(self, resources: dict[str, Any]) -> None:
        self.client.update_stack(**self._request(resources))

    def review(self, resources: dict[str, Any]) -> None:
        self.client.create_change_set(
            ChangeSetName="review", ChangeSetType="CREATE", **self._request(resources)
        )

    def _request(self, resources: dict[str, Any]) -> dict[str, Any]:
        tags = {
            "Project": "resilient-service",
            "resilient-service:stack": self.name,
            "resilient-service:deployment": "0123abcd",
        }
        return {
            "StackName": self.name,
            "TemplateBody": json.dumps({"Resources": resources}),
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }

    def status(self) -> str | None:
        try:
            return self.client.describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"]
        except ClientError:
            return None

    def until(self, status: str) -> None:
        eventually(lambda: self.status() == status, 60)

    def unprotect(self) -> None:
        with suppress(ClientError):
            self.aws("dynamodb").update_table(TableName=self.name, DeletionProtectionEnabled=False)


@pytest.fixture
def stack(aws: Callable[[str], Any]) -> Iterator[OwnStack]:
    own = OwnStack(aws, f"s{uuid.uuid4().hex[:8]}")
    yield own
    own.unprotect()
    own.client.delete_stack(StackName=own.name)
    eventually(lambda: own.status() is None, 60)


def create_failed(stack: OwnStack) -> None:
    stack.create({"Broken": BROKEN}, DisableRollback=True)


def rollback_complete(stack: OwnStack) -> None:
    stack.create({"Broken": BROKEN})


def rollback_failed(stack: OwnStack) -> None:
    stack.create({"Table": PROTECTED_TABLE, "Broken": {**BROKEN, "DependsOn": "Table"}})


def delete_failed(stack: OwnStack) -> None:
    stack.create({"Table": PROTECTED_TABLE})
    stack.until("CREATE_COMPLETE")
    stack.client.delete_stack(StackName=stack.name)


def review_in_progress(stack: OwnStack) -> None:
    stack.review({"One": parameter("1")})


@pytest.mark.parametrize(
    ("bring_about", "reason"),
    [
        (create_failed, "Broken CREATE_FAILED"),
        (rollback_complete, "Broken CREATE_FAILED"),
        (rollback_failed, "Table DELETE_FAILED"),
        (delete_failed, "Table DELETE_FAILED"),
        (review_in_progress, None),
    ],
)
def test_what_can_only_be_deleted_is_named_with_its_reason_and_removed(
    bring_about: Callable[[OwnStack], None], reason: str | None, stack: OwnStack, playbook
) -> None:
    status = bring_about.__name__.upper()
    bring_about(stack)
    stack.until(status)
    named = ("-e", f"service_stack_name={stack.name}")

    recovery = playbook("recover.yml", *named)
    assert recovery.status != 0
    assert f"{stack.name} is {status}" in recovery.said
    assert "ansible-playbook deploy.yml" in recovery.said
    assert reason is None or reason in recovery.said
    assert stack.status() == status

    removal = playbook("destroy.yml", *named)
    if reason == "Table DELETE_FAILED":
        assert removal.status != 0
        assert "DeletionProtectionEnabled" in removal.said
        stack.unprotect()
        removal = playbook("destroy.yml", *named)
    assert removal.status == 0, removal.output
    assert stack.status() is None


def test_a_failed_rollback_is_continued_once_its_cause_is_gone(stack: OwnStack, playbook) -> None:
    """As on AWS: "Continue rolling back an update", when a resource was deleted by somebody."""
    stack.create({"Table": UNPROTECTED_TABLE})
    stack.until("CREATE_COMPLETE")
    changed = table(Tags=[{"Key": "changed", "Value": "yes"}])
    group = waiting(5)
    group["Waiting"]["DependsOn"] = "Table"
    stack.update({"Table": changed, **group})
    client = stack.client
    eventually(
        lambda: any(
            (row["LogicalResourceId"], row["ResourceStatus"]) == ("Table", "UPDATE_COMPLETE")
            for row in client.describe_stack_resources(StackName=stack.name)["StackResources"]
        )
    )
    stack.aws("dynamodb").delete_table(TableName=stack.name)
    stack.until("UPDATE_ROLLBACK_FAILED")
    named = ("-e", f"service_stack_name={stack.name}")

    refused = playbook("recover.yml", *named)
    assert refused.status != 0
    assert "Table UPDATE_FAILED" in refused.said
    assert "continue-update-rollback" in refused.said

    properties = {**UNPROTECTED_TABLE["Properties"], "TableName": stack.name}
    stack.aws("dynamodb").create_table(**properties)
    assert "continued the rollback" in playbook("recover.yml", *named).said
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"

    assert playbook("destroy.yml", *named).status == 0
    assert stack.status() is None


def test_a_creation_that_waits_can_be_destroyed(stack: OwnStack, playbook) -> None:
    stack.create(waiting(300))
    stack.until("CREATE_IN_PROGRESS")

    removal = playbook("destroy.yml", "-e", f"service_stack_name={stack.name}")

    assert removal.status == 0, removal.output
    assert stack.status() is None
