"""The one cycle every module goes through: check, do, do again, check again."""

import json
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from service_stack import service_stack

LIBRARY = Path(__file__).resolve().parents[3] / "library"
TRUST_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

EVERY_RESULT = {"changed", "diff", "invocation"}
ELSEWHERE = {
    *("artifact_bucket", "observation", "preflight", "report", "service_page", "service_status"),
    "verdict",
}
"""Their cycle needs more than moto: their own tests have it."""

Client = Callable[[str], Any]


@dataclass(frozen=True)
class Cycle:
    """`prepare` makes what the module needs and returns its options; `look` reads the outcome."""

    prepare: Callable[[Client], dict[str, Any]]
    look: Callable[[Client, dict[str, Any]], Any]
    changes: bool = True
    idempotent: bool = True


def items_to_write(client: Client) -> dict[str, Any]:
    client("dynamodb").create_table(
        TableName="cycle",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "ItemId", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "ItemId", "KeyType": "HASH"}],
    )
    return {"table": "cycle", "items": [{"ItemId": 1, "Title": "Dune"}, {"ItemId": 2}]}


def items_of_table(client: Client, options: dict[str, Any]) -> Any:
    return client("dynamodb").scan(TableName=options["table"])["Items"]


def instance(client: Client) -> str:
    started = client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    return started["Instances"][0]["InstanceId"]


def instance_without_profile(client: Client) -> dict[str, Any]:
    client("iam").create_role(RoleName="cycle", AssumeRolePolicyDocument=json.dumps(TRUST_POLICY))
    client("iam").create_instance_profile(InstanceProfileName="cycle")
    return {"instance_id": instance(client), "instance_profile": "cycle"}


def profiles_of_instance(client: Client, options: dict[str, Any]) -> Any:
    listed = client("ec2").describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [options["instance_id"]]}]
    )["IamInstanceProfileAssociations"]
    return [association["IamInstanceProfile"]["Arn"] for association in listed]


def stopped_instance(client: Client) -> dict[str, Any]:
    # EC2 shows nothing of a reboot, but moto has a stopped instance run after one.
    instance_id = instance(client)
    client("ec2").stop_instances(InstanceIds=[instance_id])
    return {"instance_id": instance_id}


def state_of_instance(client: Client, options: dict[str, Any]) -> Any:
    described = client("ec2").describe_instances(InstanceIds=[options["instance_id"]])
    return described["Reservations"][0]["Instances"][0]["State"]["Name"]


def target_group(client: Client) -> dict[str, Any]:
    vpc = client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    group = client("elbv2").create_target_group(
        Name="cycle", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="instance"
    )["TargetGroups"][0]["TargetGroupArn"]
    client("elbv2").register_targets(TargetGroupArn=group, Targets=[{"Id": instance(client)}])
    return {"target_group_arn": group, "wait_for": {"healthy": 1}}


def targets_of_group(client: Client, options: dict[str, Any]) -> Any:
    return client("elbv2").describe_target_health(TargetGroupArn=options["target_group_arn"])[
        "TargetHealthDescriptions"
    ]


def package_to_pack(_: Client) -> dict[str, Any]:
    root = LIBRARY.parent
    return {"source": str(root / "files/recommendation_server"), "cache": str(root / ".cache")}


def endpoint_to_probe(client: Client) -> dict[str, Any]:
    return {"url": client("ec2").meta.endpoint_url, "duration_seconds": 0.2}


def stack_to_remove(client: Client) -> dict[str, Any]:
    properties = {"Name": "cycle", "Type": "String", "Value": "1"}
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": properties}
    client("cloudformation").create_stack(
        StackName="cycle", TemplateBody=json.dumps({"Resources": {"Parameter": parameter}})
    )
    return {"stack_name": "cycle", "state": "absent", "interval_seconds": 0.1}


def stacks_of_account(client: Client, _: dict[str, Any]) -> Any:
    return [row["StackName"] for row in client("cloudformation").describe_stacks()["Stacks"]]


def service_with_another_setting(client: Client) -> dict[str, Any]:
    """A stack with what M(service_restoration) looks at, in which a setting was changed."""
    stack = service_stack(client)
    client("ssm").put_parameter(
        Name=f"{stack}-failure-response", Value="static", Type="String", Overwrite=True
    )
    return {"stack_name": stack}


def setting_of_service(client: Client, options: dict[str, Any]) -> Any:
    name = f"{options['stack_name']}-failure-response"
    return client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def template_to_fill_in(_: Client) -> dict[str, Any]:
    return {
        "template_body": "Resources: {}",
        "stack_name": "cycle",
        "region": "us-east-1",
        "account": "123456789012",
    }


def nothing(*_: Any) -> None:
    """The outcome of a module that changes nothing that can be looked at."""


CYCLES = {
    "http_probe": Cycle(endpoint_to_probe, nothing, changes=False),
    "dynamodb_items": Cycle(items_to_write, items_of_table),
    "instance_profile_association": Cycle(instance_without_profile, profiles_of_instance),
    "instance_reboot": Cycle(stopped_instance, state_of_instance, idempotent=False),
    "server_archive": Cycle(package_to_pack, nothing, changes=False),
    "service_preflight": Cycle(lambda _: {"stack_name": "cycle"}, nothing, changes=False),
    "service_placement": Cycle(lambda _: {"instance_type": "t3.micro"}, nothing, changes=False),
    "leftovers": Cycle(lambda _: {"stack_name": "cycle"}, nothing, changes=False),
    "own_stacks": Cycle(lambda _: {}, nothing, changes=False),
    "recorded_faults": Cycle(
        lambda _: {"stack_name": "cycle", "runs_directory": "/nonexistent"}, nothing, changes=False
    ),
    "scenario_stop": Cycle(
        lambda _: {"stack_name": "cycle", "runs_directory": "/nonexistent", "asked_by": "cycle"},
        nothing,
        changes=False,
    ),
    "service_restoration": Cycle(service_with_another_setting, setting_of_service),
    # What it compares with stays as it is: the difference stays, too.
    "stack_difference": Cycle(lambda _: {"stack_name": "cycle-none"}, nothing, changes=False),
    "stack_state": Cycle(stack_to_remove, stacks_of_account),
    "template_values": Cycle(template_to_fill_in, nothing, changes=False),
    "target_health": Cycle(target_group, targets_of_group, changes=False),
}


def documented_values(module: str) -> dict[str, dict[str, Any]]:
    """The module's RETURN, by name."""
    return yaml.safe_load(runpy.run_path(str(LIBRARY / f"{module}.py"))["RETURN"]) or {}


def test_every_module_has_a_cycle() -> None:
    assert CYCLES.keys() | ELSEWHERE == {path.stem for path in LIBRARY.glob("*.py")}


@pytest.mark.parametrize("module", CYCLES)
def test_check_do_do_again_check_again(
    module: str, run_module: Callable[..., dict[str, Any]], aws: Client
) -> None:
    cycle = CYCLES[module]
    options = cycle.prepare(aws)
    before = cycle.look(aws, options)

    checked = run_module(module, check=True, **options)
    assert not checked.get("failed"), checked
    assert cycle.look(aws, options) == before, "check mode changed something"

    done = run_module(module, **options)
    assert not done.get("failed"), done
    assert checked["changed"] == done["changed"] == cycle.changes
    assert checked.get("diff") == done.get("diff")
    assert set(checked) == set(done)
    returned = documented_values(module)
    always = {name for name, value in returned.items() if value["returned"] == "always"}
    assert always <= set(done) - EVERY_RESULT <= set(returned)
    after = cycle.look(aws, options)
    assert (after != before) == cycle.changes

    for check in (False, True):
        again = run_module(module, check=check, **options)
        assert again["changed"] == (not cycle.idempotent)
        assert cycle.look(aws, options) == after
