"""What an instance's metadata service knows, as paths and texts. Nothing here does I/O.

Categories and formats: "Instance metadata categories" and "Instance identity documents" in the
EC2 user guide.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from local_aws.contract.credentials import RoleCredentials
from local_aws.contract.desired_state import Instance
from local_aws.metadata import network

ACCOUNT_ID = "123456789012"
LATEST = "latest"
VERSIONS = (
    *("1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01"),
    *("2008-09-01", "2009-04-04", "2011-01-01", "2011-05-01", "2012-01-12", "2014-02-25"),
    *("2014-11-05", "2015-10-20", "2016-04-19", "2016-06-30", "2016-09-02", "2018-03-28"),
    *("2018-08-17", "2018-09-24", "2019-10-01", "2020-10-27", "2021-01-03", "2021-03-23"),
    *("2021-07-15", "2022-07-09", "2022-09-24", LATEST),
)
"""As an instance lists them. Here each has what the latest one has; AWS's older ones have less."""
_META_DATA = "meta-data"
_DYNAMIC = "dynamic"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def look_up(
    path: str, instance: Instance, credentials: RoleCredentials | None, started_at: datetime
) -> bytes | None:
    """The body of GET `path`: a value, or a folder's listing; None is 404.

    `credentials` is None for an instance without a profile: then nothing about a role exists. They
    are needed only for a path that `is_of_role`.
    `started_at` is the instance's pendingTime, in UTC.
    """
    version, _, wanted = path.strip("/").partition("/")
    if not version:
        return "\n".join(VERSIONS).encode()
    if version not in VERSIONS:
        return None
    values = _meta_data(instance, started_at) | _role(credentials) | _identity(instance, started_at)
    if instance.user_data:
        values["user-data"] = instance.user_data
    return values[wanted] if wanted in values else _listing(wanted, values)


def is_of_role(path: str) -> bool:
    """Whether the answer to `path` depends on the instance's role: its parts, and the listing."""
    return "/iam" in path or path.rstrip("/").endswith(_META_DATA)


def _listing(folder: str, values: dict[str, bytes]) -> bytes | None:
    """The children of a folder, one a line; folders end with a slash, but those of a version."""
    prefix = f"{folder}/" if folder else ""
    children = set()
    for path in values:
        if path.startswith(prefix):
            child, slash, _ = path.removeprefix(prefix).partition("/")
            children.add(child + slash if folder else child)
    return "\n".join(sorted(children)).encode() if children else None


def _meta_data(instance: Instance, started_at: datetime) -> dict[str, bytes]:
    values = {
        "ami-id": instance.image_id,
        "ami-launch-index": str(instance.launch_index),
        "ami-manifest-path": "(unknown)",
        "events/maintenance/history": "[]",
        "events/maintenance/scheduled": "[]",
        "instance-action": "none",
        "instance-id": instance.instance_id,
        "instance-life-cycle": "on-demand",
        "instance-type": instance.instance_type,
        "placement/availability-zone": instance.availability_zone,
        "placement/availability-zone-id": instance.availability_zone_id,
        "placement/region": instance.region,
        "profile": "default-hvm",
        "reservation-id": instance.reservation_id,
        "services/domain": "amazonaws.com",
        "services/partition": "aws",
        **network.paths(instance, ACCOUNT_ID),
    }
    if instance.placement_group is not None:
        values["placement/group-name"] = instance.placement_group
    if instance.target_lifecycle_state is not None:
        values["autoscaling/target-lifecycle-state"] = instance.target_lifecycle_state
    if instance.metadata_tags_enabled:
        values |= {f"tags/instance/{key}": value for key, value in instance.tags.items()}
    account = {
        "Code": "Success",
        "LastUpdated": started_at.strftime(_TIME),
        "AccountId": ACCOUNT_ID,
    }
    return {
        f"{_META_DATA}/identity-credentials/ec2/info": _document(account),
        **{f"{_META_DATA}/{path}": value.encode() for path, value in values.items()},
    }


def _role(credentials: RoleCredentials | None) -> dict[str, bytes]:
    if credentials is None:
        return {}
    updated = datetime.now(credentials.expires_at.tzinfo).strftime(_TIME)
    profile = {
        "Code": "Success",
        "LastUpdated": updated,
        "InstanceProfileArn": credentials.instance_profile_arn,
        "InstanceProfileId": credentials.instance_profile_id,
    }
    keys = {
        "Code": "Success",
        "LastUpdated": updated,
        "Type": "AWS-HMAC",
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "Token": credentials.session_token,
        "Expiration": credentials.expires_at.strftime(_TIME),
    }
    iam = f"{_META_DATA}/iam"
    return {
        f"{iam}/info": _document(profile),
        f"{iam}/security-credentials/{credentials.role_name}": _document(keys),
    }


def _identity(instance: Instance, started_at: datetime) -> dict[str, bytes]:
    document = {
        "accountId": ACCOUNT_ID,
        "architecture": "x86_64",
        "availabilityZone": instance.availability_zone,
        "billingProducts": None,
        "devpayProductCodes": None,
        "imageId": instance.image_id,
        "instanceId": instance.instance_id,
        "instanceType": instance.instance_type,
        "kernelId": None,
        "marketplaceProductCodes": None,
        "pendingTime": started_at.strftime(_TIME),
        "privateIp": instance.private_ip,
        "ramdiskId": None,
        "region": instance.region,
        "version": "2017-09-30",
    }
    return {f"{_DYNAMIC}/instance-identity/document": _document(document)}


def _document(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, indent=2).encode()
