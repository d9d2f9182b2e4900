"""Secrets Manager as AWS has it, where moto differs.

requests.py   names, tokens and policies that requests may have
secrets.py    secrets: created, read, shown and refused
versions.py   versions: shown, and their stages moved
listing.py    secrets and versions in pages
stages.py     which version has which staging label
"""

from __future__ import annotations

from local_aws.control_plane.secrets_manager import listing, requests, secrets, versions


def install() -> None:
    """Install the corrections of Secrets Manager into moto."""
    for corrections in (requests, secrets, versions, listing):
        corrections.install()
