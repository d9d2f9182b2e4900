"""S3's buckets and their policies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    as_bool,
    as_tag_list,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import TypeWithFields
from local_aws.control_plane.cloudformation.resource_types.storage.s3_configurations import (
    CONFIGURATIONS,
)
from local_aws.control_plane.s3.access import access_control_lists
from local_aws.control_plane.s3.buckets import bucket_names

_OWNERS = "Private"
"""The ACL that gives nobody anything."""


class Bucket(TypeWithFields):
    """Its configurations change in place; moto knows tags and encryption only.

    AWS: "AWS::S3::Bucket" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset({"LoggingConfiguration", *CONFIGURATIONS})

    def create(self, place: Place, properties: Properties) -> Any:
        if _acl(properties) != _OWNERS and "OwnershipControls" not in properties:
            raise ResourceFailedError(access_control_lists.NOT_WITH_OWNERSHIP)
        name = self._name_for(place, properties)
        bucket_names.require_valid(name)
        bucket = backends.s3(place).create_bucket(name, place.region)
        if as_bool(properties.get("ObjectLockEnabled", False)):
            bucket.object_lock_enabled, bucket.versioning_status = True, "Enabled"
        with self.deleted_on_failure(place, bucket, {}):
            return self.update(place, bucket, {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        s3 = Api(place, "s3")
        old, new = {**old, "AccessControl": _acl(old)}, {**new, "AccessControl": _acl(new)}
        model.logging = {}  # our own calls are nobody's access
        for name, configuration in CONFIGURATIONS.items():
            value = new.get(name, configuration.default)
            if old.get(name, configuration.default) == value:
                continue
            if value is None:
                getattr(s3, configuration.delete)(Bucket=model.name)
            else:
                shape = {configuration.argument: configuration.converted(value)}
                getattr(s3, configuration.put)(Bucket=model.name, **shape)
        model.logging = _logging(place, model, new.get("LoggingConfiguration"))
        return super().update(place, model, old, new)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        tagger = backends.s3(place).tagger
        tagger.untag_resource_using_names(model.arn, list(removed))
        tagger.tag_resource(model.arn, as_tag_list(tags))

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        model.logging = {}
        Api(place, "s3").delete_bucket(Bucket=model.name)  # which refuses while there are objects


class BucketPolicy(ResourceByApi):
    """AWS: "AWS::S3::BucketPolicy" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"PolicyDocument"})

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(place, properties["Bucket"], {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        policy = json.dumps(new["PolicyDocument"]).encode()
        backends.s3(place).put_bucket_policy(model, policy)  # by the API it would be in access logs
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.s3(place).delete_bucket_policy(model)


def _acl(properties: Properties) -> str:
    """The grants to others than the owner, who has full control anyway."""
    given: str = properties.get("AccessControl", _OWNERS)
    return _OWNERS if given == "BucketOwnerFullControl" else given


def _logging(place: Place, bucket: Any, shape: Mapping[str, Any] | None) -> dict[str, Any]:
    """As moto keeps it. S3's own call would require a policy that the stack creates only later."""
    if shape is None:
        return {}
    target = shape.get("DestinationBucketName", bucket.name)
    if target not in backends.s3(place).buckets:
        raise ResourceFailedError("The target bucket for logging does not exist")
    return {"TargetBucket": target, "TargetPrefix": shape.get("LogFilePrefix", "")}
