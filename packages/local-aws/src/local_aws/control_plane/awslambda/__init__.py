"""Lambda's API as AWS has it, where moto differs. No code of a function is run.

pages.py        lists in pages
permissions.py  a statement's id stands once in a policy
runtimes.py     which runtimes a function can have
"""

from __future__ import annotations

from local_aws.control_plane.awslambda import pages, permissions, runtimes


def install() -> None:
    """Install the corrections of Lambda into moto."""
    pages.install()
    permissions.install()
    runtimes.install()
