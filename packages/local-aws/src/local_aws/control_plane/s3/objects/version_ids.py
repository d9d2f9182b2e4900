"""Version ids as S3 issues them: 32 characters that nobody but S3 can make up.

An id that S3 never issued is InvalidArgument, one whose version is gone NoSuchVersion: the last
characters of an id are a digest of the others, so that no list of issued ids is needed.

Source: "How S3 Versioning works" in the S3 User Guide, "Version IDs"; answers of the real S3 as
they have been recorded.
"""

from __future__ import annotations

import hashlib
import secrets
import string

NULL = "null"
"""The id of what was put while versioning was not enabled."""

_ALPHABET = string.ascii_letters + string.digits + "._"
_RANDOM, _DIGEST = 26, 6


def new() -> str:
    made = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return made + _digest(made)


def was_made(version_id: str) -> bool:
    """Whether it is one that S3 has given some version."""
    made, digest = version_id[:_RANDOM], version_id[_RANDOM:]
    return version_id == NULL or (len(made) == _RANDOM and digest == _digest(made))


def _digest(made: str) -> str:
    digest = hashlib.sha256(made.encode()).digest()[:_DIGEST]
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest)
