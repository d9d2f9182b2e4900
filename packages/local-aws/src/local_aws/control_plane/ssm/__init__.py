"""Systems Manager as AWS has it, where moto differs.

parameters.py         the parameter store: put, label and describe
reading_parameters.py which parameter a name reads
parameter_names.py    names, ARNs and selectors of versions
parameter_filters.py  which parameters pass the filters of a request
new_versions.py       which names, values and tiers may be put
data_types.py         which values a data type takes
secure_strings.py     values that KMS encrypts
secret_references.py  secrets that are read as parameters
documents.py          which content a document may have, and documents in pages
managed_instances.py  which instances are managed, and commands, which are not run
patch_groups.py       which baseline a patch group has
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
