"""The archive that instances run: the same bytes everywhere, with all it needs and nothing lost."""

from __future__ import annotations

import io
import re
import resource
import zipfile
from pathlib import Path

import pytest
from ansible.module_utils.resilience.server_archive import ArchiveError, build, digest
from ansible.module_utils.resilience.wheels import WheelError, fetched, locked
from server_archive import built
from server_process import FILES, Server, Stub

SOURCE = FILES / "recommendation_server"
LOCK = SOURCE / "requirements.txt"
WHEELS = FILES.parent / ".cache" / "wheels"


@pytest.fixture(scope="module")
def wheels() -> list[Path]:
    return fetched(LOCK, WHEELS, "3.11")


def names_in(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        return content.namelist()


def unpacked(archive: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        content.extractall(folder)
    return folder


def wheel(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as content:
        for name, text in members.items():
            content.writestr(name, text)
    return path


def test_equal_sources_give_equal_bytes(tmp_path: Path, wheels: list[Path]) -> None:
    copy = tmp_path / "recommendation_server"
    copy.mkdir()
    for path in sorted([*SOURCE.glob("*.py"), *SOURCE.glob("*.json")], reverse=True):
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "__pycache__").mkdir()
    assert build(copy, reversed(wheels), bytecode=False) == build(SOURCE, wheels, bytecode=False)


def test_bytecode_does_not_depend_on_who_makes_it_where(tmp_path: Path) -> None:
    library = wheel(tmp_path / "a.whl", {"sets.py": "def f(x):\n    return x in {'a', 'b', 'c'}\n"})
    assert build(SOURCE, [library], bytecode=True) == build(SOURCE, [library], bytecode=True)


def test_a_changed_byte_is_another_digest(tmp_path: Path, wheels: list[Path]) -> None:
    copy = tmp_path / "recommendation_server"
    copy.mkdir()
    for path in [*SOURCE.glob("*.py"), *SOURCE.glob("*.json")]:
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "health.py").write_text((SOURCE / "health.py").read_text() + "\n")
    assert digest(build(copy, wheels, bytecode=False)) != digest(
        build(SOURCE, wheels, bytecode=False)
    )


def test_sources_arrive_with_their_docstrings(wheels: list[Path]) -> None:
    with zipfile.ZipFile(io.BytesIO(build(SOURCE, wheels, bytecode=False))) as content:
        for path in SOURCE.glob("*.py"):
            assert content.read(f"recommendation_server/{path.name}") == path.read_bytes()


@pytest.mark.parametrize("bytecode", [False, True])
def test_it_serves_with_nothing_else_installed(
    bytecode: bool, stub: Stub, tmp_path: Path, wheels: list[Path]
) -> None:
    app = unpacked(build(SOURCE, wheels, bytecode=bytecode), tmp_path / "app")
    command = ("-I", "-S", str(app))  # without site-packages
    with Server(tmp_path, stub.environment() | {"PYTHONPATH": ""}, command) as server:
        assert server.get("/").status == 200


def test_nothing_in_it_is_for_one_architecture(wheels: list[Path]) -> None:
    assert not [n for n in names_in(build(SOURCE, wheels, bytecode=False)) if n.endswith(".so")]


def test_wheels_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    one = wheel(tmp_path / "one.whl", {"six.py": "1"})
    other = wheel(tmp_path / "other.whl", {"six.py": "2"})
    with pytest.raises(ArchiveError, match="in two wheels, with different contents"):
        build(SOURCE, [one, other], bytecode=False)


def test_every_requirement_is_pinned_to_one_wheel() -> None:
    for line in LOCK.read_text().splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", line), line
    assert len(locked(LOCK)) == len(LOCK.read_text().splitlines())


def test_a_wheel_that_was_changed_is_not_used(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("six==1.17.0 --hash=sha256:" + "0" * 64 + "\n")
    (tmp_path / f"{'0' * 64}.whl").write_bytes(b"not it")
    with pytest.raises(WheelError, match="pip cannot download what"):
        fetched(lock, tmp_path, "3.11")


def test_a_lock_of_another_form_is_refused_by_its_line(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("six>=1\n")
    with pytest.raises(WheelError, match="not a name, a version and one hash: 'six>=1'"):
        locked(lock)


def test_what_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path) -> None:
    source, cache = tmp_path / "package", tmp_path / "cache"
    source.mkdir()
    (source / "__main__.py").write_text("")
    (source / "requirements.txt").write_text("")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            built(source, cache, "3.11", bytecode=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((cache / "archives").iterdir()) == []
    archive = built(source, cache, "3.11", bytecode=False)
    assert list((cache / "archives").iterdir()) == [archive]
