"""Lambda's API as AWS has it, where moto differs.

functions.py    what a function is made of
pages.py        lists in pages
permissions.py  a statement's id stands once in a policy
"""

from __future__ import annotations

from local_aws.control_plane.awslambda import functions, pages, permissions


def install() -> None:
    """Install the corrections of Lambda into moto."""
    functions.install()
    pages.install()
    permissions.install()
