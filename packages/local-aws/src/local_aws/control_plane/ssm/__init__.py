"""Systems Manager as AWS has it, where moto differs.

parameters.py         the parameter store
documents.py          what their content is
managed_instances.py  which instances are managed, and commands that are not run
patch_groups.py       whose baselines they have
"""

from __future__ import annotations

from local_aws.control_plane.ssm import documents, managed_instances, parameters, patch_groups


def install() -> None:
    """Install the corrections of Systems Manager into moto."""
    for corrections in (parameters, documents, managed_instances, patch_groups):
        corrections.install()
