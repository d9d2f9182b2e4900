"""The environment of everything that local-aws starts, itself included: made, not inherited.

What a caller has set for other programs (credentials and profiles, proxies, what injects code into
Python or any program) reaches nothing here: what is not named below is not passed on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_PASSED_ON = ("HOME", "LOCAL_AWS_HOME", "TMPDIR", "TZ")
_FIXED = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Whatever the caller's locale: names of files are bytes, and texts are UTF-8.
    "PYTHONUTF8": "1",
    # boto3, also within moto, reads no profile and looks for no credentials elsewhere.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def made_from(callers: Mapping[str, str]) -> dict[str, str]:
    """The variables for a new process: of the caller's only those that are passed on."""
    return {name: callers[name] for name in _PASSED_ON if name in callers} | _FIXED
