"""IAM's errors in AWS's words, where moto has its own.

Source: answers of the real IAM as they have been recorded.
"""

from __future__ import annotations

import re

from moto.iam.exceptions import IAMException

from local_aws.control_plane import moto_seams

_WORDS = tuple(
    (re.compile(moto_words, re.DOTALL), words)
    for moto_words, words in (
        (r"Role (.+) not found", r"The role with name \1 cannot be found."),
        (r"User (\S+) not found", r"The user with name \1 cannot be found."),
        (r"Group (.+) not found", r"The group with name \1 cannot be found."),
        (r"Instance profile (.+) not found", r"Instance Profile \1 cannot be found."),
        (r"Login profile for (.+) not found", r"Login Profile for User \1 cannot be found."),
        (
            r"Policy Document (.+) not attached to role .+",
            r"The role policy with name \1 cannot be found.",
        ),
        (r"Policy (arn:.+) not found", r"Policy \1 was not found."),
        (r"User (\S+) already has password", r"Login Profile for user \1 already exists."),
        (
            r"The Access Key with id (\S+) cannot be found",
            r"The Access Key with id \1 cannot be found.",
        ),
        (r"(User|Group) (.+) already exists", r"\1 with name \2 already exists."),
        (
            r"The SSH Public Key with id (\S+) cannot be found",
            r"The Public Key with id \1 cannot be found.",
        ),
        (r"Certificate (.+) is malformed", r"Certificate \1 is malformed."),
        (
            r"(?:VirtualMFADevice with serial number|Device) (\S+) (?:doesn't exist\.|not found)",
            r"MFA Device with serial number \1 does not exist.",
        ),
        (r"SamlProvider (\S+) not found", r"Manifest not found for arn \1"),
        (
            r"Credential report not present",
            "No credential report found. Use GenerateCredentialReport to create one.",
        ),
    )
)
_moto_init = IAMException.__init__


def install() -> None:
    moto_seams.replace(IAMException, __init__=_init)


def reworded(message: str) -> str:
    """What AWS says where moto says this."""
    for pattern, words in _WORDS:
        found = pattern.fullmatch(message)
        if found:
            return found.expand(words)
    return message


def _init(self: IAMException, *message: str) -> None:
    _moto_init(self, *map(reworded, message))
