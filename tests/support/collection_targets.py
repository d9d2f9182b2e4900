"""The integration targets in a checkout of amazon.aws or community.aws: what each one is.

A target is a role, `tests/integration/targets/<name>`; a `setup_*` is one that others depend on.
Those with a `runme.sh` have plays of their own, in `main.yml`, which that script starts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

COLLECTIONS = ("amazon.aws", "community.aws")
TARGETS = Path("tests/integration/targets")

PLAYED = {
    "amazon.aws": (
        "autoscaling_group",
        "autoscaling_instance",
        "autoscaling_instance_refresh",
        "cloudformation",
        "ec2_instance_instance_minimal",
        "ec2_instance_state_config_updates",
        "ec2_instance_termination_protection",
        "ec2_key",
        "ec2_launch_template",
        "ec2_security_group",
        "ec2_vpc_subnet",
        "elb_application_lb",
        "iam_instance_profile",
        "iam_role",
        "sts_assume_role",
    ),
    "community.aws": (
        "autoscaling_launch_config",
        "autoscaling_lifecycle_hook",
        "autoscaling_policy",
        "autoscaling_scheduled_action",
        "dynamodb_table",
        "elb_target",
        "ssm_parameter",
    ),
}
"""Of the services that the local AWS corrects, what is played when no target is named."""


class CheckoutError(Exception):
    """The folder does not hold what it should; the message is one line that says what to do."""


@dataclass(frozen=True)
class Target:
    collection: str
    name: str
    folder: Path

    @property
    def is_script(self) -> bool:
        """Whether there is nothing but the script to play it by."""
        files = {path.name for path in self.folder.iterdir()}
        return "runme.sh" in files and "main.yml" not in files

    def __str__(self) -> str:
        return f"{self.collection} {self.name}"


def find_targets(checkouts: Path, named: Iterable[str] = ()) -> list[Target]:
    """The targets to play: those named, or the ones of `PLAYED` that the checkouts hold.

    Raises CheckoutError when a named one is in no checkout, or when there is none at all.
    """
    wanted = list(named)
    found: list[Target] = []
    for collection in COLLECTIONS:
        targets = checkouts / collection / TARGETS
        found += [
            Target(collection, name, targets / name)
            for name in wanted or PLAYED[collection]
            if (targets / name).is_dir()
        ]
    missing = set(wanted) - {target.name for target in found}
    if missing:
        raise CheckoutError(f"{checkouts} has no target {', '.join(sorted(missing))}")
    if not found:
        raise CheckoutError(
            f"{checkouts} holds neither amazon.aws/{TARGETS} nor community.aws/{TARGETS}; clone "
            "the collections there, as packages/local-aws/docs/collections.md shows"
        )
    return found


def other_than_released(target: Target, installed: Path) -> list[str]:
    """Files of the target that are not those of the installed version, relative to the target.

    `installed` is the collection's folder in the environment, whose FILES.json has the checksum of
    each file that was released, of the tests too.
    """
    released = {
        entry["name"]: entry["chksum_sha256"]
        for entry in json.loads((installed / "FILES.json").read_text())["files"]
        if entry["ftype"] == "file"
    }
    below = str(TARGETS / target.name) + "/"
    there = {
        str(path.relative_to(target.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in target.folder.rglob("*")
        if path.is_file()
    }
    expected = {
        name.removeprefix(below): checksum
        for name, checksum in released.items()
        if name.startswith(below)
    }
    names = there.keys() | expected.keys()
    return sorted(name for name in names if there.get(name) != expected.get(name))


def version(installed: Path) -> str:
    """The version of an installed collection, such as 10.1.2."""
    manifest = json.loads((installed / "MANIFEST.json").read_text())
    return str(manifest["collection_info"]["version"])
