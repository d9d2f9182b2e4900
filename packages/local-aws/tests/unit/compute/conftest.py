"""Instances with a folder of their own, powered off after the test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fleet_driver import ID, SERVER, Console, MakeCompute

from local_aws.compute.fleet import Compute
from local_aws.metadata.service import MetadataService


@pytest.fixture
def state_directory(tmp_path: Path) -> Path:
    return tmp_path / "local aws"


@pytest.fixture
def console(state_directory: Path) -> Console:
    """The console log of an instance as it is now."""
    folder = state_directory / "instances"

    def read(instance_id: str = ID) -> str:
        path = folder / instance_id / "console.log"
        return path.read_text() if path.exists() else ""

    return read


@pytest.fixture
def make_compute(state_directory: Path) -> Iterator[MakeCompute]:
    """Creates the instances' fleet, with further arguments of Compute's."""
    metadata = MetadataService(lambda _: None)
    image = [sys.executable, "-c", SERVER, "the image's"]
    with ExitStack() as made:

        def make(**more: Any) -> Compute:
            compute = Compute(state_directory, "http://127.0.0.1:4566", metadata, image, **more)
            made.callback(compute.power_off)
            return compute

        yield make
    metadata.stop()


@pytest.fixture
def compute(make_compute: MakeCompute) -> Compute:
    return make_compute()
