"""Systems Manager as AWS has it, where moto differs.

parameters.py         the parameter store: what is put, labelled and described
reading_parameters.py what is read there, and under which name
parameter_names.py    names, ARNs and selectors of versions
parameter_filters.py  which parameters pass the filters of a request
new_versions.py       which names, values and tiers may be put
secure_strings.py     what KMS encrypts
secret_references.py  secrets that are read as parameters
documents.py          what their content is
managed_instances.py  which instances are managed, and commands that are not run
patch_groups.py       whose baselines they have
"""

from __future__ import annotations

from local_aws.control_plane.ssm import (
    documents,
    managed_instances,
    parameters,
    patch_groups,
    reading_parameters,
    secret_references,
)


def install() -> None:
    """Install the corrections of Systems Manager into moto."""
    for corrections in (
        parameters,
        reading_parameters,
        secret_references,
        documents,
        managed_instances,
        patch_groups,
    ):
        corrections.install()
