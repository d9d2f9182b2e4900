from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath

import pytest

from local_aws.compute.cloud_config import WriteFile
from local_aws.compute.disk import Disk, DiskError
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


def test_a_script_runs_with_the_python_that_its_first_line_names(disk: Disk) -> None:
    for line, options in (
        (b"#!/usr/bin/python3\n", []),
        (b"#!/usr/bin/python3 -u\n", ["-u"]),
        (b"#!/usr/bin/env python3\n", []),
        (b"#!/usr/bin/env -S python3 -u\n", ["-u"]),
        (f"#!{sys.executable}\n".encode(), []),
    ):
        script = str(write(disk, "/opt/run", line + b"pass", mode=0o755))
        assert disk.host_command("u", ["/opt/run", "-x"]) == [
            sys.executable,
            *options,
            script,
            "-x",
        ]


def test_a_virtual_environment_of_the_disk_is_python(disk: Disk) -> None:
    python = disk.path("/opt/venv/bin/python")
    disk.make_folder("/opt/venv/bin")
    python.symlink_to(sys.executable)
    script = str(write(disk, "/opt/venv/bin/web", f"#!{python}\n".encode(), mode=0o755))

    assert disk.host_command("u", ["/opt/venv/bin/python"]) == [str(python)]
    assert disk.host_command("u", ["/opt/venv/bin/web"]) == [str(python), script]


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [
        (b"#!/bin/sh\necho", 0o755, "is a script for /bin/sh; the local AWS runs Python only"),
        (b"#!/usr/bin/env bash\n", 0o755, "is a script for bash; the local AWS runs Python only"),
        (b"#!/usr/bin/env\n", 0o755, "has no #! line that names Python"),
        (b"\x7fELF\x02", 0o755, "has no #! line that names Python"),
        (b"", 0o755, "has no #! line that names Python"),
        (b"#!/usr/bin/python3\n", 0o644, "is not executable: give it permissions: '0755'"),
    ],
)
def test_no_other_program_runs(disk: Disk, content: bytes, mode: int, message: str) -> None:
    write(disk, "/opt/run", content, mode=mode)
    with pytest.raises(UnitError, match=f"u: /opt/run {re.escape(message)}"):
        disk.host_command("u", ["/opt/run"])


def test_no_link_leads_out_of_the_disk(disk: Disk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("precious")
    (outside / "run").write_text("#!/bin/sh")
    (outside / "run").chmod(0o755)
    for name, target in (("folder", outside), ("file", outside / "precious"), ("loop", "loop")):
        (disk.root / name).symlink_to(target)
    (disk.root / "hard").hardlink_to(outside / "precious")
    disk.make_folder("/etc/systemd/system")
    (disk.root / "etc/systemd/system/x.service").symlink_to(outside / "precious")

    for path in ("/folder/new", "/folder/precious", "/file", "/hard", "/loop"):
        with pytest.raises((DiskError, OSError), match=r"leads out|hard link|symbolic links"):
            write(disk, path)
    for path in ("/folder/precious", "/file", "/hard"):
        with pytest.raises(DiskError, match=r"leads out|hard link"):
            disk.text(path)
    with pytest.raises(DiskError, match="leads out"):
        disk.unit_text("x.service")
    with pytest.raises(DiskError, match="leads out"):
        disk.make_folder("/folder/state")
    with pytest.raises(DiskError, match="leads out"):
        disk.folder("/folder")
    with pytest.raises(UnitError, match="leads out"):
        disk.host_command("u", ["/folder/run"])
    assert sorted(path.name for path in outside.iterdir()) == ["precious", "run"]
    assert (outside / "precious").read_text() == "precious"


def test_links_inside_the_disk_are_followed(disk: Disk) -> None:
    write(disk, "/opt/v1/conf", b"A=b")
    (disk.root / "opt/current").symlink_to("v1")
    assert disk.text("/opt/current/conf") == "A=b"
    assert disk.folder("/opt/current") == disk.path("/opt/v1")


@pytest.mark.parametrize("name", ["../x.service", "a/b.service", "", "x" * 300, "ä.service", "a\0"])
def test_names_that_are_no_units(disk: Disk, name: str) -> None:
    with pytest.raises(UnitError, match="is no name of a unit"):
        disk.unit_text(name)


def test_a_text_is_small_and_utf_8(disk: Disk) -> None:
    write(disk, "/big", b"x" * 1_048_577)
    write(disk, "/bytes", b"\xff")
    for path, message in (("/big", "more than 1,048,576 bytes"), ("/bytes", "is not UTF-8")):
        with pytest.raises(DiskError, match=message):
            disk.text(path)


@pytest.mark.parametrize("program", ["/bin/sh", "/bin/bash", "/usr/bin/env", "/usr/bin/curl"])
def test_programs_of_the_host_are_out_of_reach(disk: Disk, program: str) -> None:
    with pytest.raises(UnitError, match=f"u: {program} is neither on the instance's disk nor"):
        disk.host_command("u", [program, "-c", "true"])


def test_missing_unit(disk: Disk) -> None:
    with pytest.raises(UnitError, match=r"web.service: there is no such unit"):
        disk.unit_text("web.service")
