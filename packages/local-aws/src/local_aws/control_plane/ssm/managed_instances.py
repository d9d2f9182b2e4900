"""Systems Manager for instances: which are managed, and commands that no shell here will run.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/managed-instances.html
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import Instance
from moto.ssm.exceptions import InvalidDocument, SSMException
from moto.ssm.models import Command, SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from local_aws.control_plane import key_token, moto_seams

_EXIT_CODE = 127  # what a shell returns for a command it does not find
_NOTHING_RUNS = (
    "The local AWS runs no commands on an instance: what its user data enables starts by itself, "
    "on every boot. Nothing was run."
)
_PAGE_SIZE = 50


def install() -> None:
    moto_seams.replace(SimpleSystemManagerBackend, send_command=_send_command)
    moto_seams.add(
        SimpleSystemManagerResponse, describe_instance_information=_describe_instance_information
    )


def managed_instances(ec2: EC2Backend) -> Iterator[Instance]:
    """Yield the instances that Systems Manager knows: running, with an instance profile.

    On AWS the profile's role must also allow the agent's calls; that is not looked at here.
    """
    for reservation in ec2.reservations.values():
        for instance in reservation.instances:
            if instance.state == "running" and instance.iam_instance_profile:
                yield instance


def _describe_instance_information(self: SimpleSystemManagerResponse) -> ActionResult:
    ec2 = ec2_backends[self.current_account][self.region]
    wanted = _wanted_ids(self)
    rows = [
        _information(instance)
        for instance in managed_instances(ec2)
        if wanted is None or instance.id in wanted
    ]
    page, more = key_token.page(
        "DescribeInstanceInformation",
        rows,
        lambda row: (row["InstanceId"],),
        self._get_param("NextToken"),
        self._get_int_param("MaxResults") or _PAGE_SIZE,
    )
    return ActionResult({"InstanceInformationList": page, "NextToken": more})


def _wanted_ids(response: SimpleSystemManagerResponse) -> set[str] | None:
    """Return the ids that the request's filters name; None when it names none."""
    for entry in response._get_param("Filters") or []:
        if entry["Key"] == "InstanceIds":
            return set(entry["Values"])
    for entry in response._get_param("InstanceInformationFilterList") or []:
        if entry["key"] == "InstanceIds":
            return set(entry["valueSet"])
    return None


def _information(instance: Instance) -> dict[str, Any]:
    return {
        "InstanceId": instance.id,
        "PingStatus": "Online",
        "LastPingDateTime": datetime.datetime.now(datetime.UTC).timestamp(),
        "PlatformType": "Linux",
        "PlatformName": "Amazon Linux",
        "ResourceType": "EC2Instance",
        "IPAddress": instance.private_ip,
        "ComputerName": instance.private_dns_name,
    }


def _send_command(
    self: SimpleSystemManagerBackend,
    document_name: str | None,
    instance_ids: list[str],
    targets: list[dict[str, Any]],
    **request: Any,
) -> Command:
    """Accept the command and fail each invocation with the reason why nothing was run.

    moto lets every command succeed, and one without targets reach every instance.
    """
    if not document_name:
        raise InvalidDocument("A document name must be given.")
    ec2 = ec2_backends[self.account_id][self.region_name]
    managed = {instance.id for instance in managed_instances(ec2)}
    unmanaged = [instance_id for instance_id in instance_ids if instance_id not in managed]
    if unmanaged:
        raise SSMException(
            "InvalidInstanceId",
            f"Instances [[{', '.join(unmanaged)}]] not in a valid state for account "
            f"{self.account_id}",
        )
    chosen = sorted({*instance_ids, *(_targeted(ec2, targets) & managed)})
    command = Command(
        account_id=self.account_id,
        backend_region=self.region_name,
        document_name=document_name,
        instance_ids=chosen,
        # moto takes "no filter" for "every instance".
        targets=[{"Key": "instance-id", "Values": chosen}],
        **request,
    )
    command.targets = targets
    command.status = command.status_details = "Failed"
    command.error_count = len(chosen)
    for invocation in command.invocations:
        invocation.update(
            Status="Failed",
            StatusDetails="Failed",
            ResponseCode=_EXIT_CODE,
            StandardErrorContent=_NOTHING_RUNS,
        )
    self._commands.append(command)
    return command


def _targeted(ec2: EC2Backend, targets: list[dict[str, Any]]) -> set[str]:
    """Return the ids that all targets match: by InstanceIds, or by a tag as `tag:Name`."""
    if not targets:
        return set()
    return {
        instance.id
        for reservation in ec2.reservations.values()
        for instance in reservation.instances
        if all(_matches(ec2, instance, target) for target in targets)
    }


def _matches(ec2: EC2Backend, instance: Instance, target: dict[str, Any]) -> bool:
    key, values = target["Key"], target["Values"]
    if key == "InstanceIds":
        return instance.id in values
    return ec2.tags.get(instance.id, {}).get(key.removeprefix("tag:")) in values
