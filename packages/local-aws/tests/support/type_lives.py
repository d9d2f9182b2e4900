"""Resources of CloudFormation, each with its whole life: made, changed, changed back, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stack_driver import StackDriver

AwsClient = Any
Seen = Callable[[AwsClient, str, Mapping[str, str]], Any]
"""What the service's API shows of the resource with a physical id, among those of all resources."""

TAGS = [{"Key": "team", "Value": "a"}]
VPC = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.75.0.0/16"}},
    "Acl": {"Type": "AWS::EC2::NetworkAcl", "Properties": {"VpcId": {"Ref": "Vpc"}}},
}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def policy(action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@dataclass(frozen=True)
class Life:
    """The resource One, with what stands beside it, and the properties that a change sets."""

    kind: str
    seen: Seen
    shows: Any
    """What is seen once the change is made."""
    before: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.kind

    def live(self, stacks: StackDriver, aws: AwsClient, stack: str) -> None:
        """Each change is one in place and is undone by the way back; nothing is left."""
        created = stacks.create(stack, self._declared(self.before))
        assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(stack)
        physical_id = stacks.physical_id(stack, "One")
        self._update(stacks, stack, {**self.before, **self.changed})
        ids = {name: stacks.physical_id(stack, name) for name in self._declared({})}
        found = self.seen(aws, ids["One"], ids)
        self._update(stacks, stack, self.before)
        deleted = stacks.delete(stack)

        assert ids["One"] == physical_id
        assert found == self.shows
        assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])

    def _update(self, stacks: StackDriver, stack: str, properties: Mapping[str, Any]) -> None:
        if self.changed:
            updated = stacks.update(stack, self._declared(properties))
            assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(stack)

    def _declared(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.beside, "One": resource(self.kind, **properties)}


class Lives(list[Life]):
    """The lives that a module is about, each written above what is seen of it."""

    def of(self, kind: str, **properties: Any) -> Callable[[Seen], Seen]:
        """`properties`: those of `Life`."""

        def add(seen: Seen) -> Seen:
            self.append(Life(kind, seen=seen, **properties))
            return seen

        return add
