"""Machines with Debian's cloud-init and systemd. Where none can be made, the tests are skipped."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import debian_machine
import pytest
from local_aws_command import LocalAws
from project_yaml import ROOT
from real_boot import RealBoot, archive


@pytest.fixture(scope="session")
def image() -> Path:
    why = debian_machine.missing()
    if why is not None:
        pytest.skip(why)
    try:
        return debian_machine.image(ROOT / ".cache" / "machines")
    except debian_machine.MachineError as error:
        pytest.skip(f"no image of a Debian machine can be made here: {error}")


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path_factory.mktemp("local aws") / "home")
    local_aws.start()
    yield local_aws
    local_aws.stop()


@pytest.fixture
def prepare(image: Path, local_aws: LocalAws, tmp_path: Path) -> Iterator[Callable[..., RealBoot]]:
    """Makes a machine that is ready to boot; `stored` is what the bucket holds for the archive."""
    with ExitStack() as made:

        def prepared(stored: bytes | None = archive()) -> RealBoot:
            boot = RealBoot(f"boot-{uuid.uuid4().hex[:6]}", local_aws, image, tmp_path, stored)
            made.callback(boot.close)
            return boot

        yield prepared
