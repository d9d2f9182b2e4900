"""Route 53 as AWS has it, where moto differs. No name server answers with the records.

hosted_zones.py       a zone is created once, and deleted when nothing but its own records is in it
record_forms.py       what a record can be
record_changes.py     which changes of records a zone takes, all of a batch or none
change_infos.py       changes have ids of their own, and are pending first
request_documents.py  documents that its schema does not allow
"""

from __future__ import annotations

from local_aws.control_plane.route53 import change_infos, hosted_zones, record_changes


def install() -> None:
    """Install the corrections of Route 53 into moto."""
    hosted_zones.install()
    record_changes.install()
    change_infos.install()
