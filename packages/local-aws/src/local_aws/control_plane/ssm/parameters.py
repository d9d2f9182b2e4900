"""Systems Manager's Parameter Store."""

from __future__ import annotations

from typing import Any

from moto.ssm.models import Parameter, SimpleSystemManagerBackend

from local_aws.control_plane import moto_seams

_moto_describe_parameters = SimpleSystemManagerBackend.describe_parameters


def install() -> None:
    """DescribeParameters lists an account's own parameters.

    AWS: "Calling AWS service public parameters" in the Systems Manager User Guide: those are found
    by path. moto lists them too, once one of them was read.
    """
    moto_seams.replace(SimpleSystemManagerBackend, describe_parameters=_describe_parameters)


def _describe_parameters(self: SimpleSystemManagerBackend, *arguments: Any) -> list[Parameter]:
    found = _moto_describe_parameters(self, *arguments)
    return [parameter for parameter in found if not parameter.name.startswith("/aws/")]
