"""A patch group's baseline is that of Windows, unless another system is named.

Source: API_GetPatchBaselineForPatchGroup in the Systems Manager API Reference: OperatingSystem.
"""

from __future__ import annotations

from moto.ssm.models import SimpleSystemManagerBackend

from local_aws.control_plane import moto_seams

_DEFAULT = "WINDOWS"

_moto_baseline = SimpleSystemManagerBackend.get_patch_baseline_for_patch_group


def install() -> None:
    moto_seams.replace(SimpleSystemManagerBackend, get_patch_baseline_for_patch_group=_baseline)


def _baseline(
    self: SimpleSystemManagerBackend, patch_group: str, operating_system: str | None
) -> tuple[str, str, str]:
    found: tuple[str, str, str] = _moto_baseline(self, patch_group, operating_system or _DEFAULT)
    return found
