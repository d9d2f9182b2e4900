"""Which targets of the collections are played, and whether they are those that were released."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from collection_targets import (
    PLAYED,
    TARGETS,
    CheckoutError,
    Target,
    find_targets,
    other_than_released,
    version,
)


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    for path in ("amazon.aws/iam_role", "amazon.aws/own_script", "community.aws/ssm_parameter"):
        collection, name = path.split("/")
        tasks = tmp_path / collection / TARGETS / name / "tasks"
        tasks.mkdir(parents=True)
        (tasks / "main.yml").write_text("[]\n")
    (tmp_path / "amazon.aws" / TARGETS / "own_script" / "runme.sh").touch()
    return tmp_path


def names(targets: list[Target]) -> list[str]:
    return [str(target) for target in targets]


def test_without_names_those_are_played_that_are_there(checkouts: Path) -> None:
    assert names(find_targets(checkouts)) == ["amazon.aws iam_role", "community.aws ssm_parameter"]


def test_named_ones_are_found_in_either_collection(checkouts: Path) -> None:
    found = find_targets(checkouts, ["ssm_parameter", "own_script"])
    assert names(found) == ["amazon.aws own_script", "community.aws ssm_parameter"]
    assert [target.is_script for target in found] == [True, False]
    (found[0].folder / "main.yml").touch()
    assert not found[0].is_script


@pytest.mark.parametrize(
    ("named", "message"),
    [((), "holds neither"), (("iam_role", "no_such", "nor_such"), "no target no_such, nor_such")],
)
def test_what_is_not_there_is_said_in_one_line(
    checkouts: Path, named: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CheckoutError, match=message) as raised:
        find_targets(checkouts if named else checkouts / "elsewhere", named)
    assert "\n" not in str(raised.value)


def test_no_target_is_played_twice() -> None:
    for collection in PLAYED.values():
        assert list(collection) == sorted(set(collection))


def test_files_that_are_not_those_of_the_version(checkouts: Path, tmp_path: Path) -> None:
    [target] = find_targets(checkouts, ["iam_role"])
    of_version = {"tasks/main.yml": b"[]\n", "meta/main.yml": b"dependencies: []\n"}
    files = [
        {
            "name": str(TARGETS / "iam_role" / name),
            "ftype": "file",
            "chksum_sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in of_version.items()
    ]
    folder = {"name": str(TARGETS / "iam_role"), "ftype": "dir", "chksum_sha256": None}
    (tmp_path / "FILES.json").write_text(json.dumps({"files": [folder, *files]}))
    (tmp_path / "MANIFEST.json").write_text('{"collection_info": {"version": "10.1.2"}}')
    (target.folder / "meta").mkdir()
    (target.folder / "meta/main.yml").write_bytes(of_version["meta/main.yml"])
    assert version(tmp_path) == "10.1.2"
    assert other_than_released(target, tmp_path) == []

    (target.folder / "meta/main.yml").unlink()
    (target.folder / "tasks/main.yml").write_text("changed")
    (target.folder / "tasks/more.yml").touch()
    expected = ["meta/main.yml", "tasks/main.yml", "tasks/more.yml"]
    assert other_than_released(target, tmp_path) == expected
