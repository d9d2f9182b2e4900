"""What a hand or an interrupted run has changed is restored, each named, and verified."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import kill
from workplace import Moment, Workplace, assert_gone

from evidence.record.mutations import last_run
from safeguards.ownership import LOGICAL_IDS

STACK = "resilience-demo"
NOTHING = "nothing had to be restored"
RECORDED = "faults that the last run,"
RUNS = Path(__file__).parents[3] / "runs"


def playing(tag: str, sign: str) -> Moment:
    return Moment(tag, ("ansible-playbook", "scenario.yml", "--tags", tag), (sign,))


class Service:
    """The deployed service, and every way in which a hand can break it."""

    def __init__(self, aws: Callable[[str], Any]) -> None:
        self._aws = aws
        self._stack = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        self._outputs = {row["OutputKey"]: row["OutputValue"] for row in self._stack["Outputs"]}
        rows = aws("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        self._ids = {
            row["LogicalResourceId"].removeprefix(LOGICAL_IDS): row["PhysicalResourceId"]
            for row in rows
        }

    def group(self) -> dict[str, Any]:
        return self._aws("autoscaling").describe_auto_scaling_groups(
            AutoScalingGroupNames=[self._outputs["AutoScalingGroup"]]
        )["AutoScalingGroups"][0]

    def break_everything(self) -> str:
        """Returns the instance that has lost its profile."""
        group = self.group()
        name, victim = group["AutoScalingGroupName"], group["Instances"][0]["InstanceId"]
        autoscaling, ec2 = self._aws("autoscaling"), self._aws("ec2")
        autoscaling.suspend_processes(
            AutoScalingGroupName=name, ScalingProcesses=["Launch", "Terminate", "AZRebalance"]
        )
        autoscaling.update_auto_scaling_group(
            AutoScalingGroupName=name, DesiredCapacity=2, MinSize=2
        )
        self._aws("ssm").put_parameter(
            Name=f"{STACK}-health-check", Value="deep", Type="String", Overwrite=True
        )
        self._aws("elbv2").modify_target_group(
            TargetGroupArn=self._outputs["TGArn"], HealthCheckPath="/nothing"
        )
        groups = [self._ids[f"{of}SecurityGroup"] for of in ("LoadBalancer", "Instance")]
        for found in ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"]:
            ec2.revoke_security_group_ingress(
                GroupId=found["GroupId"], IpPermissions=found["IpPermissions"]
            )
        associations = ec2.describe_iam_instance_profile_associations(
            Filters=[{"Name": "instance-id", "Values": [victim]}]
        )["IamInstanceProfileAssociations"]
        ec2.disassociate_iam_instance_profile(AssociationId=associations[0]["AssociationId"])
        self._aws("dynamodb").delete_item(
            TableName=self._outputs["Table"], Key={"MediaType": {"S": "Book"}, "ItemId": {"N": "1"}}
        )
        self._update(SSMTableName="unknown", RollingUpdate="all-at-once")
        return str(victim)

    def give_profiles_back(self) -> tuple[str, str]:
        """As a hand does; returns the one instance that had none, and the profile."""
        ec2, profile = self._aws("ec2"), self._outputs["InstanceProfile"]
        [victim] = {each["InstanceId"] for each in self.group()["Instances"]} - {
            each["InstanceId"]
            for each in ec2.describe_iam_instance_profile_associations()[
                "IamInstanceProfileAssociations"
            ]
        }
        ec2.associate_iam_instance_profile(InstanceId=victim, IamInstanceProfile={"Name": profile})
        return str(victim), profile

    def _update(self, **changed: str) -> None:
        """Begin a stack update, and do not wait for it: the one who began it is gone."""
        kept = [row["ParameterKey"] for row in self._stack["Parameters"]]
        self._aws("cloudformation").update_stack(
            StackName=STACK,
            UsePreviousTemplate=True,
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": changed[key]}
                if key in changed
                else {"ParameterKey": key, "UsePreviousValue": True}
                for key in kept
            ],
        )

    def parameters(self) -> dict[str, str]:
        stack = self._aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        return {row["ParameterKey"]: row["ParameterValue"] for row in stack["Parameters"]}


@pytest.mark.usefixtures("deployed")
def test_everything_is_restored_and_again_nothing_has_to_be(playbook, aws) -> None:
    # What was played before has left its own settings, which are not those of a deployment.
    assert playbook("recover.yml").status == 0
    service = Service(aws)
    before = service.parameters()
    victim = service.break_everything()

    recovery = playbook("recover.yml")

    assert recovery.status == 0, recovery.output
    shown = recovery.said
    for line in (
        "SSMTableName was unknown: restored",
        "RollingUpdate was all-at-once: restored",
        "the group's suspended processes was AZRebalance, Launch, Terminate: restored to none",
        "DesiredCapacity 2: restored to MinSize 3",
        f"the setting {STACK}-health-check was deep: restored to shallow",
        "the health check was HealthCheckPath /nothing: restored",
        "the rule for HTTP in sg-",
        "the table lacked recommendations",
        f"{victim} had no credentials",
        f"{STACK} is in its steady state after",
    ):
        assert line in shown, shown
    assert service.parameters() == before
    assert service.group()["DesiredCapacity"] == 3

    again = playbook("recover.yml")
    assert again.status == 0, again.output
    assert NOTHING in again.said


@pytest.mark.usefixtures("deployed")
def test_without_a_steady_state_it_fails_and_says_what_it_saw(playbook, aws) -> None:
    """What it restores is not what is wrong: the server's code is not."""
    service = Service(aws)
    instance = service.group()["Instances"][0]["InstanceId"]
    name = service.group()["AutoScalingGroupName"]
    aws("autoscaling").suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch"])
    aws("ec2").terminate_instances(InstanceIds=[instance])
    kept = {"recovery_kept_processes": ["Launch"], "recovery_timeout_seconds": 5}

    failed = playbook("recover.yml", "-e", json.dumps(kept))

    assert failed.status != 0
    assert "not in its steady state within 5" in failed.said
    assert "three targets are healthy" in failed.said
    recovery = playbook("recover.yml")
    assert recovery.status == 0, recovery.output


def interrupted(home: Path, moment: Moment) -> None:
    """Play until that moment, and kill the playbook; its observer ends with it."""
    workplace = Workplace(home)
    terminal = workplace.go_to(moment)
    try:
        observer = workplace.observer()
        for process in terminal.processes():
            kill(process)
        assert_gone(observer | terminal.processes())
    finally:
        terminal.close()


@pytest.mark.usefixtures("deployed")
def test_what_an_interrupted_run_has_recorded_is_named_with_what_became_of_it(
    home: Path, playbook, aws
) -> None:
    interrupted(home, playing("fail-open", "TASK [observation : Wait for the effect]"))
    recovery = playbook("recover.yml")
    assert recovery.status == 0, recovery.output
    recorded = (
        r"fail-open set SSMTableName from empty to resilience-demo-missing-\w{8}: restored now"
    )
    assert re.search(recorded, recovery.said)

    # Its verification is now the last run on this stack, and injected nothing.
    again = playbook("recover.yml")
    assert again.status == 0, again.output
    assert RECORDED not in again.said

    # The journal names the instance, and the real state says that a hand was quicker.
    interrupted(home, playing("bad-credentials", "TASK [observation : Wait for the effect]"))
    service = Service(aws)
    victim, profile = service.give_profiles_back()
    recovery = playbook("recover.yml")
    assert recovery.status == 0, recovery.output
    line = f"bad-credentials took {profile} from {victim}: found already restored"
    assert line in recovery.said


@pytest.mark.usefixtures("deployed")
def test_with_a_torn_journal_the_real_state_is_restored_all_the_same(
    home: Path, playbook, aws
) -> None:
    """A missing one, and one of another stack: packages/evidence/tests/record/test_mutations.py."""
    interrupted(home, playing("fail-open", "TASK [observation : Wait for the effect]"))
    run = last_run(RUNS, STACK, None)
    assert run
    text = run.journal.read_text()
    run.journal.write_text(text[: text.index('"mutations"') + 20])

    recovery = playbook("recover.yml")

    assert recovery.status == 0, recovery.output
    assert RECORDED not in recovery.said
    restored = r"SSMTableName was resilience-demo-missing-\w{8}: restored"
    assert re.search(restored, recovery.said)
    assert Service(aws).parameters()["SSMTableName"] == ""
