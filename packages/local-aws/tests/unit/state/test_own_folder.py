"""A folder is ours by its mark alone; nothing else in the world is changed or removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from folder_tree import tree

from local_aws.state import mark
from local_aws.state.home import FolderError
from local_aws.state.own_folder import OwnFolder

NAMES = ("log", "disks")


def make(path: Path) -> OwnFolder:
    folder = OwnFolder(path, NAMES)
    with folder.made():
        (path / "log").write_text("said")
        (path / "disks").mkdir(exist_ok=True)
        (path / "disks" / "disk").write_text("data")
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder"


def foreign_files(path: Path) -> None:
    path.mkdir()
    (path / "thesis.txt").write_text("important")


def our_names_alone(path: Path) -> None:
    (path / "disks").mkdir(parents=True)
    (path / "disks" / "photo.jpg").write_text("important")


def a_copy(path: Path) -> None:
    make(path.with_name("original"))
    shutil.copytree(path.with_name("original"), path)


def a_hard_linked_mark(path: Path) -> None:
    original = make(path.with_name("original")).path
    foreign_files(path)
    (path / mark.NAME).hardlink_to(original / mark.NAME)


def a_mark_that_is_a_link(path: Path) -> None:
    original = make(path.with_name("original")).path
    foreign_files(path)
    (path / mark.NAME).symlink_to(original / mark.NAME)


def a_mark_that_is_a_pipe(path: Path) -> None:
    foreign_files(path)
    os.mkfifo(path / mark.NAME)


def a_mark_that_says_nothing(path: Path) -> None:
    foreign_files(path)
    (path / mark.NAME).write_text("[]")


def a_link_in_it(path: Path) -> None:
    foreign_files(path.with_name("documents"))
    make(path)
    shutil.rmtree(path / "disks")
    (path / "disks").symlink_to(path.with_name("documents"))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (foreign_files, "it holds thesis.txt"),
        (our_names_alone, "has no mark"),
        (a_copy, "is a copy"),
        (a_hard_linked_mark, "is a copy"),
        (a_mark_that_is_a_link, "is a copy"),
        (a_mark_that_is_a_pipe, "is a copy"),
        (a_mark_that_says_nothing, "is a copy"),
        (a_link_in_it, "disks is a link"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_not_ours_is_refused_by_name_and_nothing_in_it_changes(
    kind: Callable[[Path], None], reason: str, path: Path
) -> None:
    kind(path)
    path.chmod(0o755)
    before = tree(path.parent)
    folder = OwnFolder(path, NAMES)

    for use in (folder.is_ours, folder.made().__enter__, folder.empty, folder.remove):
        with pytest.raises(FolderError) as raised:
            use()
        assert str(path) in str(raised.value)
        assert reason in str(raised.value)
        assert "\n" not in str(raised.value)

    assert tree(path.parent) == before


def test_a_file_in_its_place_is_refused(path: Path) -> None:
    path.write_text("important")
    with pytest.raises(FolderError, match="is no folder"):
        OwnFolder(path, NAMES).empty()
    assert path.read_text() == "important"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_is_refused(path: Path) -> None:
    folder = make(path)
    os.chown(path, 65534, 65534)
    with pytest.raises(FolderError, match="belongs to another user"):
        folder.empty()
    assert (path / "log").exists()


def test_a_missing_and_an_empty_folder_are_nobodys_and_stay_so(path: Path) -> None:
    folder = OwnFolder(path, NAMES)
    for _ in range(2):
        assert not folder.is_ours()
        folder.empty()
        folder.remove()
        with folder.kept() as is_ours:
            assert not is_ours
        assert not path.exists() or list(path.iterdir()) == []
        path.mkdir(exist_ok=True)


def test_the_folders_above_that_were_created_with_it_are_removed_with_it(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    for _ in range(2):
        make(tmp_path / "theirs/a/b/folder").remove()
        assert list(tmp_path.iterdir()) == [tmp_path / "theirs"]
        assert list((tmp_path / "theirs").iterdir()) == []


def test_a_relative_folder_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("a/folder")).remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_above_stays_with_what_others_put_into_it(tmp_path: Path) -> None:
    folder = make(tmp_path / "a/b/folder")
    (tmp_path / "a/thesis.txt").write_text("important")
    folder.remove()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["thesis.txt"]


def test_a_folder_that_was_moved_takes_no_folder_of_others_with_it(tmp_path: Path) -> None:
    make(tmp_path / "a/folder")
    (tmp_path / "theirs").mkdir()
    moved = (tmp_path / "a/folder").rename(tmp_path / "theirs/folder")
    OwnFolder(moved, NAMES).remove()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "theirs"]


def test_a_renamed_folder_is_still_ours(path: Path) -> None:
    make(path)
    assert OwnFolder(path.rename(path.with_name("renamed")), NAMES).is_ours()


def test_what_we_do_not_make_stays_and_so_does_the_folder(path: Path) -> None:
    folder = make(path)
    (path / "notes.txt").write_text("important")

    folder.empty(but={"log"})
    assert {entry.name for entry in path.iterdir()} == {mark.NAME, "log", "notes.txt"}
    folder.remove()

    assert {entry.name for entry in path.iterdir()} == {mark.NAME, "notes.txt"}
    assert folder.is_ours()


def test_a_folder_that_we_made_is_removed_and_one_that_was_there_stays(path: Path) -> None:
    make(path).remove()
    assert not path.exists()
    path.mkdir()
    make(path).remove()
    assert list(path.iterdir()) == []


def test_links_below_what_we_make_are_not_followed(path: Path) -> None:
    foreign_files(path.with_name("documents"))
    folder = make(path)
    (path / "disks" / "link").symlink_to(path.with_name("documents"))

    folder.remove()

    assert (path.with_name("documents") / "thesis.txt").exists()


def test_a_mark_whose_maker_was_killed_is_put_again(path: Path) -> None:
    path.mkdir()
    (path / mark.NAME).touch()
    assert make(path).is_ours()
