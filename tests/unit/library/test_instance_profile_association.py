"""instance_profile_association: replace, remove and restore on a real API."""

from collections.abc import Callable
from typing import Any

import instance_profile_association
import pytest
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError

RunModule = Callable[..., dict[str, Any]]
Client = Callable[[str], Any]
MODULE = "instance_profile_association"


def association(name: str, state: str) -> dict[str, Any]:
    arn = f"arn:aws:iam::123456789012:instance-profile/path/{name}"
    return {"association_id": f"id-of-{name}", "instance_profile_arn": arn, "state": state}


@pytest.fixture
def instance_id(aws: Client) -> str:
    started = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    return started["Instances"][0]["InstanceId"]


@pytest.fixture
def arns(aws: Client) -> dict[str, str]:
    """The ARNs of the instance profiles `good` and `bad`."""
    iam = aws("iam")
    listed = iam.list_instance_profiles()["InstanceProfiles"]
    existing = {profile["InstanceProfileName"] for profile in listed}
    for name in {"good", "bad"} - existing:
        iam.create_instance_profile(InstanceProfileName=name)
    return {
        profile["InstanceProfileName"]: profile["Arn"]
        for profile in iam.list_instance_profiles()["InstanceProfiles"]
    }


def test_takes_the_profile_away_and_gives_it_back(
    run_module: RunModule, instance_id: str, arns: dict[str, str]
) -> None:
    given = run_module(MODULE, instance_id=instance_id, instance_profile="good")
    assert given["previous"] is None
    assert given["association"]["state"] == "associated"

    taken = run_module(MODULE, instance_id=instance_id, state="absent")
    assert (taken["changed"], taken["association"]) == (True, None)
    assert taken["previous"]["instance_profile_arn"] == arns["good"]
    assert taken["diff"]["before"]["instance_profile"] == "good"
    assert taken["diff"]["after"]["instance_profile"] is None

    restored = run_module(
        MODULE, instance_id=instance_id, instance_profile=taken["previous"]["instance_profile_arn"]
    )
    assert (restored["changed"], restored["previous"]) == (True, None)
    assert restored["association"]["instance_profile_arn"] == arns["good"]
    assert not run_module(MODULE, instance_id=instance_id, instance_profile="good")["changed"]


def test_replaces_another_profile(
    run_module: RunModule, instance_id: str, arns: dict[str, str]
) -> None:
    run_module(MODULE, instance_id=instance_id, instance_profile="good")
    replaced = run_module(MODULE, instance_id=instance_id, instance_profile=arns["bad"])
    assert replaced["changed"]
    assert replaced["previous"]["instance_profile_arn"] == arns["good"]
    assert replaced["association"]["instance_profile_arn"] == arns["bad"]


def test_check_mode_takes_nothing_away(
    run_module: RunModule, instance_id: str, arns: dict[str, str]
) -> None:
    run_module(MODULE, instance_id=instance_id, instance_profile=arns["good"])
    predicted = run_module(MODULE, check=True, instance_id=instance_id, state="absent")
    assert (predicted["changed"], predicted["association"]) == (True, None)
    assert not run_module(MODULE, instance_id=instance_id, instance_profile="good")["changed"]


def test_an_unknown_profile_is_named(run_module: RunModule, instance_id: str) -> None:
    result = run_module(MODULE, instance_id=instance_id, instance_profile="no-such")
    assert result["failed"]
    assert result["msg"].startswith(
        f"Failed to associate instance profile no-such with {instance_id}: "
    )


def test_a_profile_is_needed_when_present(run_module: RunModule, instance_id: str) -> None:
    result = run_module(MODULE, instance_id=instance_id)
    assert result["msg"] == (
        "state is present but all of the following are missing: instance_profile"
    )


@pytest.mark.parametrize(
    ("wanted", "is_it"),
    [
        ("good", True),
        ("arn:aws:iam::123456789012:instance-profile/path/good", True),
        ("goo", False),
        ("path/good", False),
        ("arn:aws:iam::123456789012:instance-profile/good", False),
    ],
)
def test_knows_a_profile_by_name_and_by_arn(wanted: str, is_it: bool) -> None:
    seen = association("good", "associated")
    assert instance_profile_association.is_profile(seen, wanted) is is_it


def test_the_living_association_counts() -> None:
    old, new = association("old", "disassociating"), association("new", "associating")
    ended = association("ended", "disassociated")
    assert instance_profile_association.current_of([ended, old, new]) == new
    assert instance_profile_association.current_of([ended, old]) == old
    assert instance_profile_association.current_of([ended]) is None


class SlowInstance(instance_profile_association.InstanceProfiles):
    """An instance whose association goes through the given states, one each look."""

    def __init__(self, ec2: Any, instance_id: str, seen: list[dict[str, Any] | None]) -> None:
        super().__init__(ec2, instance_id, timeout_seconds=0, check_mode=False)
        self._seen = iter(seen)

    def current(self) -> dict[str, Any] | None:
        return next(self._seen, None) or super().current()


def test_waits_for_an_ending_association_before_making_a_new_one(
    aws: Client, instance_id: str, arns: dict[str, str]
) -> None:
    ending = association("good", "disassociating") | {"instance_profile_arn": arns["good"]}
    slow = SlowInstance(aws("ec2"), instance_id, [ending])
    result = instance_profile_association.ensure(slow, "good")
    assert result["changed"]
    assert result["association"]["state"] == "associated"


def test_waits_for_an_association_that_is_being_made(
    aws: Client, instance_id: str, arns: dict[str, str]
) -> None:
    aws("ec2").associate_iam_instance_profile(
        InstanceId=instance_id, IamInstanceProfile={"Arn": arns["good"]}
    )
    slow = SlowInstance(aws("ec2"), instance_id, [association("good", "associating")])
    result = instance_profile_association.ensure(slow, "good")
    assert not result["changed"]
    assert result["association"]["state"] == "associated"


def test_a_profile_that_does_not_leave_is_an_error(aws: Client, instance_id: str) -> None:
    ending = association("good", "disassociating")
    stuck = SlowInstance(aws("ec2"), instance_id, [ending, ending])
    with pytest.raises(AnsibleAWSError, match=r"did not get no instance profile within \d s"):
        instance_profile_association.ensure(stuck, None)
