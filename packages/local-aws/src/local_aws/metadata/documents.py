"""What an instance's metadata service knows, as paths and texts. Nothing here does I/O.

Categories and formats: "Instance metadata categories" and "Instance identity documents" in the
EC2 user guide.
"""

from __future__ import annotations

import json
from datetime import datetime

from local_aws.contract.credentials import RoleCredentials
from local_aws.contract.desired_state import Instance

ACCOUNT_ID = "123456789012"
_META_DATA = "latest/meta-data"
_DYNAMIC = "latest/dynamic"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def look_up(
    path: str, instance: Instance, credentials: RoleCredentials | None, started_at: datetime
) -> bytes | None:
    """The body of GET `path`: a value, or a folder's listing; None is 404.

    `credentials` is None for an instance without a profile: then nothing about a role exists.
    `started_at` is the instance's pendingTime, in UTC.
    """
    wanted = path.strip("/")
    if wanted == "latest/user-data":
        return instance.user_data or None
    values = _meta_data(instance) | _role(credentials) | _identity(instance, started_at)
    if wanted in values:
        return values[wanted].encode()
    return _listing(wanted, values)


def _listing(folder: str, values: dict[str, str]) -> bytes | None:
    """The children of a folder, one a line; those that are folders end with a slash."""
    prefix = f"{folder}/" if folder else ""
    children = set()
    for path in values:
        if path.startswith(prefix):
            child, slash, _ = path.removeprefix(prefix).partition("/")
            children.add(child + slash)
    return "\n".join(sorted(children)).encode() if children else None


def _meta_data(instance: Instance) -> dict[str, str]:
    hostname = f"ip-{instance.private_ip.replace('.', '-')}.{_domain(instance.region)}"
    values = {
        "ami-id": instance.image_id,
        "ami-launch-index": "0",
        "hostname": hostname,
        "instance-action": "none",
        "instance-id": instance.instance_id,
        "instance-life-cycle": "on-demand",
        "instance-type": instance.instance_type,
        "local-hostname": hostname,
        "local-ipv4": instance.private_ip,
        "placement/availability-zone": instance.availability_zone,
        "placement/region": instance.region,
        "services/domain": "amazonaws.com",
        "services/partition": "aws",
    }
    if instance.target_lifecycle_state is not None:
        values["autoscaling/target-lifecycle-state"] = instance.target_lifecycle_state
    if instance.metadata_tags_enabled:
        values |= {f"tags/instance/{key}": value for key, value in instance.tags.items()}
    return {f"{_META_DATA}/{path}": value for path, value in values.items()}


def _domain(region: str) -> str:
    return "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"


def _role(credentials: RoleCredentials | None) -> dict[str, str]:
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
        f"{iam}/info": json.dumps(profile, indent=2),
        f"{iam}/security-credentials/{credentials.role_name}": json.dumps(keys, indent=2),
    }


def _identity(instance: Instance, started_at: datetime) -> dict[str, str]:
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
    return {f"{_DYNAMIC}/instance-identity/document": json.dumps(document, indent=2)}
