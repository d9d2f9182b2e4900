"""KMS as AWS has it, where moto differs.

keys.py         keys as they are made, named, replicated and shown
key_states.py   what a key may be used for, in the state that it is in
key_changes.py  keys that are to be deleted, and keys that rotate
encryption.py   what is encrypted, and the data keys for it
signing.py      signatures and message authentication codes
aliases.py      names of keys
grants.py       who else may use a key
listing.py      keys, aliases, grants and tags in pages
"""

from __future__ import annotations

from local_aws.control_plane.kms import (
    aliases,
    encryption,
    grants,
    key_changes,
    keys,
    listing,
    signing,
)


def install() -> None:
    """Install the corrections of KMS into moto."""
    for corrections in (keys, key_changes, encryption, signing, aliases, grants, listing):
        corrections.install()
