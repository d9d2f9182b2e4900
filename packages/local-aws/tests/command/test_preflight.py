"""What the machine does not give is named in one line, and nothing is left of the attempt."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_aws_command import COMMAND, LocalAws, get

from local_aws.host import preflight

NOBODY = 65534


def long_path(folder: Path, length: int) -> Path:
    """A path below the folder that has exactly so many bytes."""
    while (missing := length - len(os.fsencode(folder))) > 250:
        folder /= "d" * 200
    return folder / ("d" * (missing - 1))


def test_a_path_that_is_too_long_is_refused_with_the_limit(tmp_path: Path) -> None:
    for length in (preflight.longest_home() + 1, 5000):
        home = long_path(tmp_path, length)
        done = subprocess.run(
            [COMMAND, "start", "--port", "0"],
            env=os.environ | {"LOCAL_AWS_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert f"has {length} bytes, and {preflight.longest_home()} is the limit" in done.stderr
        assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_just_short_enough_works(tmp_path: Path) -> None:
    local_aws = LocalAws(long_path(tmp_path, preflight.longest_home()))
    local_aws.home.parent.mkdir(parents=True)
    local_aws.start()
    try:
        assert get(local_aws.run_service("web"))[0] == 200
    finally:
        local_aws.stop()


def test_any_character_in_the_folders_name_works(tmp_path: Path) -> None:
    name = os.fsdecode(b" a\"b'c$HOME`touch x`{{ 1 }}%s:;#\\\n\xff") + "é"
    local_aws = LocalAws(tmp_path / name)
    local_aws.start()
    try:
        assert get(local_aws.run_service("web"))[0] == 200
        instance = local_aws.status()["instances"][0]["id"]
        assert f"boot 1 of {instance}" in local_aws.run("logs", instance)
        said = local_aws.run("stop", "--save", str(local_aws.home.parent / "saved"))
        assert said.splitlines()[-1] == "local AWS stopped"
        local_aws.start("--load", str(local_aws.home.parent / "saved"))
    finally:
        local_aws.stop()
    assert {entry.name for entry in tmp_path.iterdir()} == {name, "saved"}


@pytest.mark.parametrize(("soft", "hard", "works"), [(64, 1024, True), (64, 64, False)])
def test_few_open_files(soft: int, hard: int, works: bool, tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    local_aws = LocalAws(tmp_path / "a home")
    done = subprocess.run(
        [COMMAND, "start", "--port", "0"],
        env=local_aws.environment,
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        assert (done.returncode == 0) is works, done.stderr
        if works:
            assert get(local_aws.run_service("web", instances=3))[0] == 200
        else:
            assert "a process may open 64 files here" in done.stderr
            assert done.stderr.count("\n") == 1
            assert not local_aws.home.exists()
    finally:
        local_aws.stop()


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_the_callers_umask_does_not_matter(mask: int, tmp_path: Path) -> None:
    local_aws = LocalAws(tmp_path / "new" / "home")
    subprocess.run(
        [COMMAND, "start", "--port", "0"], env=local_aws.environment, umask=mask, check=True
    )
    try:
        for path in (local_aws.home.parent, local_aws.home, *local_aws.home.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path
    finally:
        local_aws.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        os.getuid() == 0
        and not subprocess.run(
            ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk],
            capture_output=True,
            check=False,
        ).returncode
    )
    if not mounted:
        pytest.skip("a file system can be mounted by root only")
    yield disk
    subprocess.run(["/usr/bin/umount", disk], check=True)


def fill(disk: Path, left_bytes: int) -> None:
    (disk / "filling").write_bytes(bytes(shutil.disk_usage(disk).free - left_bytes))


@pytest.mark.parametrize("left_bytes", [0, 8192, 20_480])
def test_a_full_disk_is_named_by_start(left_bytes: int, small_disk: Path) -> None:
    fill(small_disk, left_bytes)
    local_aws = LocalAws(small_disk / "a home")

    said = local_aws.run("start", "--port", "0", status=1)

    assert said.startswith("local-aws: no room is left on the disk that holds ")
    assert said.count("\n") == 1
    (small_disk / "filling").unlink()
    local_aws.start()
    local_aws.stop()


def test_a_full_disk_is_named_by_stop_and_it_goes_on(small_disk: Path, tmp_path: Path) -> None:
    local_aws = LocalAws(tmp_path / "a home")
    local_aws.start()
    fill(small_disk, left_bytes=0)
    try:
        said = local_aws.run("stop", "--save", str(small_disk / "saved"), status=1)
        assert "not saved, and still running: no room is left on the disk that holds" in said
        assert [entry.name for entry in small_disk.iterdir()] == ["filling"]
        assert local_aws.status()["pid"] == local_aws.running["pid"]
    finally:
        local_aws.stop()


@pytest.fixture
def users_folder() -> Iterator[Path]:
    """A folder of a user who is not root, whom permissions do not hold."""
    folder = Path(tempfile.mkdtemp())
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def as_user(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    try:
        return subprocess.run(
            [COMMAND, *words],
            env={"LOCAL_AWS_HOME": str(home)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **user,
        )
    except PermissionError:
        pytest.skip("the virtual environment is for root only")


@pytest.mark.parametrize("mode", [0o500, 0o000])
@pytest.mark.parametrize("name", ["", "new"])
def test_a_folder_that_cannot_be_written_is_named(mode: int, name: str, users_folder: Path) -> None:
    users_folder.chmod(mode)

    done = as_user("start", "--port", "0", home=users_folder / name)

    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith(f"local-aws: {users_folder}")
    assert "Permission denied" in done.stderr
    assert done.stderr.count("\n") == 1
    assert users_folder.stat().st_mode & 0o777 == mode


def test_a_file_in_the_place_of_a_parent_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = LocalAws(tmp_path / "file" / "home")
    done = subprocess.run(
        [COMMAND, "start"], env=said.environment, capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith(
        f"local-aws: {tmp_path}/file/home cannot be used: Not a directory"
    )
    assert done.stderr.count("\n") == 1
