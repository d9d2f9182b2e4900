"""The import contracts in pyproject.toml hold, and a forbidden import breaks them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def broken(source: Path) -> str:
    """What lint-imports says about the package in `source`; "" when every contract is kept."""
    ended = subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo", PACKAGE / "pyproject.toml"],
        env={**os.environ, "PYTHONPATH": str(source)},
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in ended.stdout, ended.stdout + ended.stderr
    return "" if ended.returncode == 0 else " ".join(ended.stdout.split())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the source, to be changed."""
    shutil.copytree(PACKAGE / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "src"


def test_every_import_is_allowed() -> None:
    assert broken(PACKAGE / "src") == ""


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("host/ports.py", "import evidence", "It knows nothing of what is tested with it"),
        ("cli.py", "from safeguards import variables", "It knows nothing of what is tested with"),
        ("host/ports.py", "from local_aws.state import home", "planes do not know each other"),
        (
            "compute/fleet.py",
            "from local_aws.control_plane import lock",
            "planes do not know each other",
        ),
        (
            "load_balancing/xds.py",
            "from local_aws.compute import fleet",
            "planes do not know each other",
        ),
        (
            "control_plane/endpoint/server.py",
            "from local_aws.control_plane import dynamodb",
            "The endpoint names no service",
        ),
        (
            "control_plane/iam/actions/request_arns.py",
            "from local_aws.control_plane.cloudformation.stack import STACKS",
            "services rest on each other",
        ),
        (
            "control_plane/auto_scaling/group/sizes.py",
            "from local_aws.control_plane.auto_scaling import reconciler",
            "calls state what is wanted",
        ),
        (
            "control_plane/ec2/vpc/subnets.py",
            "from local_aws.control_plane.ec2.launches import launching",
            "instances come of launches",
        ),
        (
            "control_plane/iam/sessions/callers.py",
            "from local_aws.control_plane.iam.authorization import enforcement",
            "who calls is settled before",
        ),
        (
            "control_plane/s3/objects/versions.py",
            "from local_aws.control_plane.s3.uploads import copies",
            "uploads make objects",
        ),
        (
            "control_plane/cloudformation/resource_types/handlers/base.py",
            "from local_aws.control_plane.cloudformation.resource_types.storage import s3",
            "handlers on moto's models",
        ),
    ],
)
def test_a_forbidden_import_is_refused(source: Path, file: str, line: str, contract: str) -> None:
    path = source / "local_aws" / file
    path.write_text(f"{path.read_text()}\n{line}\n")
    said = broken(source)
    assert "BROKEN" in said
    name = next(part for part in said.split(" KEPT") if " BROKEN" in part).split(" BROKEN")[0]
    assert contract in name
