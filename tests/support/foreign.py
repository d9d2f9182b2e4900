"""What belongs to somebody else: put where playbooks work, and never to be touched by them."""

from __future__ import annotations

import shutil
from pathlib import Path

from account import Holdings, difference, holdings
from local_aws_command import LocalAws
from stack_driver import StackDriver, parameter


class Foreign:
    """A stack, a group with a rule, a parameter with a name almost like ours, and folders."""

    def __init__(self, local_aws: LocalAws, *folders: Path) -> None:
        """`folders` are made; each holds a file."""
        self._local_aws = local_aws
        self._files = [folder / "somebodys" / "file" for folder in folders]
        for file in self._files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("keep")
        resources = {"Setting": parameter("keep")}
        StackDriver(local_aws.client("cloudformation")).create("somebodys", resources)
        ec2 = local_aws.client("ec2")
        group = ec2.create_security_group(GroupName="somebodys", Description="keep")["GroupId"]
        ec2.authorize_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="192.0.2.0/24"
        )
        local_aws.client("ssm").put_parameter(
            Name="/resilient-service-somebodys/value", Value="keep", Type="String"
        )
        self._before = holdings(local_aws.client)

    def remove_folders(self) -> None:
        for file in self._files:
            shutil.rmtree(file.parent, ignore_errors=True)

    def _now(self) -> Holdings:
        return holdings(self._local_aws.client)

    def touched(self) -> list[str]:
        """What of it is not as it was; the account may hold more by now."""
        now = self._now()
        gone = {
            name: missing
            for name, rows in self._before.items()
            if (missing := sorted(set(rows) - set(now.get(name, []))))
        }
        files = [str(file) for file in self._files if not _is_kept(file)]
        return [f"{name}: {rows}" for name, rows in gone.items()] + files

    def left(self) -> dict[str, list[str]]:
        """What else the account holds: nothing, when all that is ours was removed."""
        return difference(self._before, self._now())


def _is_kept(file: Path) -> bool:
    return file.is_file() and file.read_text() == "keep"
