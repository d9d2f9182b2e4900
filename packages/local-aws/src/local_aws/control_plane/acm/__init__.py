"""AWS Certificate Manager as AWS has it, where moto differs.

issuing.py       requested certificates are issued at once, and are their own authority
importing.py     an imported certificate and its private key belong together
describing.py    what it is for, and with which key
pages.py         certificates in pages
served_files.py  what a server needs of a certificate: its chain and its key
"""

from __future__ import annotations

from local_aws.control_plane.acm import describing, importing, issuing, pages


def install() -> None:
    """Install the corrections of Certificate Manager into moto."""
    for corrections in (issuing, importing, describing, pages):
        corrections.install()
