"""KMS as AWS has it, where moto differs.

keys.py  keys as they are made, named and shown
"""

from __future__ import annotations

from local_aws.control_plane.kms import keys


def install() -> None:
    """Install the corrections of KMS into moto."""
    keys.install()
