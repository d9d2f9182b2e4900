"""IAM's groups and who is in them, and policies that are resources of their own."""

from __future__ import annotations

import json
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi


class Group(ResourceType):
    """AWS: "AWS::IAM::Group" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"ManagedPolicyArns", "Policies"})

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("GroupName") or generated_name(self.name, place)
        Api(place, "iam").create_group(GroupName=name, Path=properties.get("Path", "/"))
        group = backends.iam(place).get_group(name)
        with self.deleted_on_failure(place, group, properties):
            return self.update(place, group, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        iam, of_it = Api(place, "iam"), {"GroupName": model.name}
        before, after = old.get("ManagedPolicyArns", []), new.get("ManagedPolicyArns", [])
        for arn in set(before) - set(after):
            iam.detach_group_policy(**of_it, PolicyArn=arn)
        for arn in set(after) - set(before):
            iam.attach_group_policy(**of_it, PolicyArn=arn)
        kept = {policy["PolicyName"] for policy in new.get("Policies", [])}
        for policy in old.get("Policies", []):
            if policy["PolicyName"] not in kept:
                iam.delete_group_policy(**of_it, PolicyName=policy["PolicyName"])
        for policy in new.get("Policies", []):
            document = json.dumps(policy["PolicyDocument"])
            iam.put_group_policy(**of_it, PolicyName=policy["PolicyName"], PolicyDocument=document)
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        iam, of_it = Api(place, "iam"), {"GroupName": model.name}
        for arn in list(model.managed_policies):
            iam.detach_group_policy(**of_it, PolicyArn=arn)
        for name in list(model.policies):
            iam.delete_group_policy(**of_it, PolicyName=name)
        iam.delete_group(**of_it)

    def physical_id(self, model: Any) -> str:
        return str(model.name)


class UserToGroupAddition(ResourceByApi):
    """AWS: "AWS::IAM::UserToGroupAddition" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"GroupName", "Users"})

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(place, generated_name(self.name, place), {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        iam = Api(place, "iam")
        before, after = _memberships(old), _memberships(new)
        for group, user in sorted(before - after):
            iam.remove_user_from_group(GroupName=group, UserName=user)
        for group, user in sorted(after - before):
            iam.add_user_to_group(GroupName=group, UserName=user)
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        self.update(place, model, properties, {})


class InlinePolicy(ResourceByApi):
    """AWS: "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy" and "AWS::IAM::GroupPolicy"."""

    changing_properties = frozenset({"PolicyDocument"})

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(place, properties["PolicyName"], {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        put = getattr(Api(place, "iam"), f"put_{self._holder.lower()}_policy")
        put(**self._of(new), PolicyDocument=json.dumps(new["PolicyDocument"]))
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        getattr(Api(place, "iam"), f"delete_{self._holder.lower()}_policy")(**self._of(properties))

    @property
    def _holder(self) -> str:
        """Role, User or Group."""
        return self.name.rpartition("::")[2].removesuffix("Policy")

    def _of(self, properties: Properties) -> dict[str, str]:
        names = (f"{self._holder}Name", "PolicyName")
        return {name: properties[name] for name in names}


def _memberships(properties: Properties) -> set[tuple[str, str]]:
    return {(properties["GroupName"], user) for user in properties.get("Users", [])}
