"""AWS::ECR::Repository."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    as_tag_list,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import TypeWithFields

_MUTABLE = "MUTABLE"


class Repository(TypeWithFields):
    """moto knows neither its policies nor its tags in a stack.

    AWS: "AWS::ECR::Repository" in the CloudFormation Template Reference: its name and its
    encryption need a replacement.
    """

    changing_properties = frozenset(
        {
            "EmptyOnDelete",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "LifecyclePolicy",
            "RepositoryPolicyText",
        }
    )
    attributes: ClassVar[Mapping[str, str]] = {"Arn": "arn", "RepositoryUri": "uri"}

    def create(self, place: Place, properties: Properties) -> Any:
        name = self._name_for(place, properties).lower()
        encryption = properties.get("EncryptionConfiguration")
        names = {"EncryptionType": "encryptionType", "KmsKey": "kmsKey"}
        converted = {names[member]: value for member, value in (encryption or {}).items()}
        Api(place, "ecr").create_repository(
            repositoryName=name,
            **({"encryptionConfiguration": converted} if converted else {}),
        )
        repository = backends.ecr(place).repositories[name]
        with self.deleted_on_failure(place, repository, {}):
            return self.update(place, repository, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        ecr, of_it = Api(place, "ecr"), {"repositoryName": model.name}
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        if "ImageTagMutability" in changed:
            ecr.put_image_tag_mutability(
                **of_it, imageTagMutability=new.get("ImageTagMutability", _MUTABLE)
            )
        if "ImageScanningConfiguration" in changed:
            scans = new.get("ImageScanningConfiguration", {}).get("ScanOnPush", False)
            ecr.put_image_scanning_configuration(
                **of_it, imageScanningConfiguration={"scanOnPush": scans}
            )
        if "LifecyclePolicy" in changed:
            text = new.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
            if text:
                ecr.put_lifecycle_policy(**of_it, lifecyclePolicyText=text)
            else:
                ecr.delete_lifecycle_policy(**of_it)
        if "RepositoryPolicyText" in changed:
            policy = new.get("RepositoryPolicyText")
            if policy:
                text = policy if isinstance(policy, str) else json.dumps(policy)
                ecr.set_repository_policy(**of_it, policyText=text)
            else:
                ecr.delete_repository_policy(**of_it)
        return super().update(place, model, old, new)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        ecr = backends.ecr(place)
        ecr.untag_resource(model.arn, list(removed))
        ecr.tag_resource(model.arn, as_tag_list(tags))

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """Refused by ECR while there are images, unless EmptyOnDelete."""
        Api(place, "ecr").delete_repository(
            repositoryName=model.name, force=properties.get("EmptyOnDelete", False)
        )
