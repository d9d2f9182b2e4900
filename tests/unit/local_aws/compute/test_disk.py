from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

import pytest

from local_aws.compute.cloud_config import WriteFile
from local_aws.compute.disk import Disk
from local_aws.compute.systemd_unit import UnitError


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    disk = Disk(tmp_path / "i-1" / "root")
    disk.format()
    return disk


def write(disk: Disk, path: str, content: bytes = b"x", mode: int = 0o644) -> Path:
    disk.write(WriteFile(PurePosixPath(path), content, mode, append=False))
    return disk.path(path)


def test_blank_until_formatted(tmp_path: Path, disk: Disk) -> None:
    assert Disk(tmp_path / "other").is_blank
    assert not disk.is_blank


def test_files_are_for_this_user_only(disk: Disk) -> None:
    assert write(disk, "/opt/web/data.json").stat().st_mode & 0o777 == 0o600
    assert write(disk, "/opt/web/run", mode=0o777).stat().st_mode & 0o777 == 0o700
    folders = [path for path in disk.root.rglob("*") if path.is_dir()]
    assert {folder.stat().st_mode & 0o777 for folder in (disk.root, *folders)} == {0o700}


def test_append(disk: Disk) -> None:
    path = write(disk, "/a", b"one")
    disk.write(WriteFile(PurePosixPath("/a"), b"two", 0o644, append=True))
    assert path.read_bytes() == b"onetwo"


def test_no_path_leaves_the_disk(disk: Disk) -> None:
    with pytest.raises(ValueError, match="leaves the instance's disk"):
        disk.path("/opt/../../other/file")


def test_words_that_are_files_of_the_disk_become_the_hosts(disk: Disk) -> None:
    program = str(write(disk, "/opt/web.pyz"))
    assert disk.host_command("u", ["/usr/bin/python3.11", "/opt/web.pyz", "/nowhere", "-x"]) == [
        sys.executable,
        program,
        "/nowhere",
        "-x",
    ]
    assert disk.host_command("u", ["/opt/web.pyz"]) == [program]


@pytest.mark.parametrize("program", ["/bin/sh", "/bin/bash", "/usr/bin/env", "/usr/bin/curl"])
def test_programs_of_the_host_are_out_of_reach(disk: Disk, program: str) -> None:
    with pytest.raises(UnitError, match=f"u: {program} is neither on the instance's disk nor"):
        disk.host_command("u", [program, "-c", "true"])


def test_missing_unit(disk: Disk) -> None:
    with pytest.raises(UnitError, match=r"web.service: there is no such unit"):
        disk.unit_text("web.service")
