"""Systems Manager as AWS has it, where moto differs.

parameters.py         the parameter store
managed_instances.py  which instances are managed, and commands that are not run
patch_groups.py       whose baselines they have
"""

from __future__ import annotations

from local_aws.control_plane.ssm import managed_instances, parameters, patch_groups


def install() -> None:
    """Install the corrections of Systems Manager into moto."""
    for corrections in (parameters, managed_instances, patch_groups):
        corrections.install()
