"""The characters of security groups' names and descriptions, and of their rules' descriptions.

Source: GroupName and Description in API_CreateSecurityGroup of the EC2 API Reference; the set as
EC2 writes it in its errors.
"""

from __future__ import annotations

import re

CHARACTERS = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
_VALID = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def is_valid(text: str) -> bool:
    """Whether it has between 1 and 255 characters, all of the set."""
    return _VALID.fullmatch(text) is not None
