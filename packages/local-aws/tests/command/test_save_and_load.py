"""`local-aws stop --save` and `start --load`: stacks, data and instances come back."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_aws_command import LocalAws, eventually, get

TEMPLATE = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "items",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        },
        "Seed": {"Type": "Custom::Seed", "Properties": {"ServiceToken": "arn:aws:lambda:::seed"}},
    },
    "Outputs": {"Table": {"Value": {"Ref": "Table"}}},
}


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path / "a home")
    local_aws.start("--skip-custom-resources")
    yield local_aws
    local_aws.stop()


@pytest.fixture
def url(local_aws: LocalAws) -> str:
    return local_aws.run_service("web")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a saved state"


def make_data(local_aws: LocalAws) -> None:
    cloudformation = local_aws.client("cloudformation")
    cloudformation.create_stack(StackName="data", TemplateBody=json.dumps(TEMPLATE))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="data", WaiterConfig={"Delay": 0.1}
    )
    item = {"id": {"S": "1"}, "text": {"S": "kept"}}
    local_aws.client("dynamodb").put_item(TableName="items", Item=item)
    local_aws.client("ssm").put_parameter(Name="/a/b", Value="1", Type="String")
    local_aws.client("s3").create_bucket(Bucket="things")
    local_aws.client("s3").put_object(Bucket="things", Key="a", Body=b"bytes")
    local_aws.client("sqs").create_queue(QueueName="queue")
    local_aws.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    local_aws.client("lambda").list_functions()


def test_everything_comes_back(local_aws: LocalAws, url: str, file: Path) -> None:
    make_data(local_aws)
    before = local_aws.status()
    assert get(url) == (200, "booted ")

    assert local_aws.run("stop", "--save", str(file)) == f"saved to {file}\nlocal AWS stopped\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir() if entry.name.startswith(".")] == []
    assert get(url)[0] == 0
    local_aws.start("--load", str(file))

    assert eventually(lambda: get(url) if get(url)[0] == 200 else None) == (200, "booted booted ")
    after = local_aws.status()
    for report in (before, after):
        for instance in report["instances"]:
            del instance["pid"]
    assert after["instances"] == before["instances"]
    assert after["load_balancers"] == before["load_balancers"]
    got = local_aws.client("dynamodb").get_item(TableName="items", Key={"id": {"S": "1"}})
    assert got["Item"]["text"]["S"] == "kept"
    s3_object = local_aws.client("s3").get_object(Bucket="things", Key="a")
    assert s3_object["Body"].read() == b"bytes"
    ssm = local_aws.client("ssm")
    ssm.put_parameter(Name="/a/b", Value="2", Type="String", Overwrite=True)
    assert ssm.get_parameter(Name="/a/b")["Parameter"]["Version"] == 2
    # What the stack made is still the stack's: it can be deleted.
    cloudformation = local_aws.client("cloudformation")
    cloudformation.delete_stack(StackName="data")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="data", WaiterConfig={"Delay": 0.1}
    )
    assert local_aws.client("dynamodb").list_tables()["TableNames"] == []


def test_a_taken_address_is_reported_and_replaced(
    local_aws: LocalAws, url: str, file: Path
) -> None:
    local_aws.run("stop", "--save", str(file))
    port = int(url.split(":")[2].strip("/"))
    with socket.create_server(("127.0.0.1", port)):
        said = local_aws.start("--load", str(file))
    new_url = local_aws.status()["load_balancers"][0]["url"]
    assert new_url != url
    line = f"port {port} is taken: load balancer web is at {new_url[7:-1]} now"
    assert line in said.splitlines()
    eventually(lambda: get(new_url)[0] == 200)


def test_when_it_cannot_be_saved_it_goes_on(local_aws: LocalAws, url: str, file: Path) -> None:
    pids = {each["pid"] for each in local_aws.status()["instances"]}
    refused = "local-aws: not saved, and still running: "
    missing = file / "missing folder"
    said = local_aws.run("stop", "--save", str(missing / "x"), status=1)
    assert said == f"{refused}{missing}: No such file or directory\n"
    file.mkdir()
    said = local_aws.run("stop", "--save", str(file), status=1)
    assert said == f"{refused}{file}: Is a directory\n"
    assert {each["pid"] for each in local_aws.status()["instances"]} == pids, "none was shut down"
    assert {entry.name for entry in file.parent.iterdir()} == {"a home", file.name}
    eventually(lambda: get(url)[0] == 200)
    assert "to load, stop it first" in local_aws.run("start", "--load", str(file), status=1)


def test_a_signal_without_a_request_saves_nothing_and_ends_nothing(
    local_aws: LocalAws, url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "not there yet"
    pid = local_aws.running["pid"]
    os.kill(pid, signal.SIGUSR1)
    eventually(lambda: "not saved: no file is named" in local_aws.run("logs"))

    local_aws.run("stop", "--save", str(folder / "saved"), status=1)
    folder.mkdir()
    os.kill(pid, signal.SIGUSR1)
    eventually(lambda: local_aws.run("logs").count("not saved: no file is named") == 2)

    assert list(folder.iterdir()) == []
    assert get(url)[0] == 200
    assert local_aws.running["pid"] == pid


def test_a_refused_file_is_reported_in_one_line(local_aws: LocalAws, file: Path) -> None:
    local_aws.stop()
    said = local_aws.run("start", "--load", str(file), status=1)
    assert said == f"local-aws: {file} cannot be read: No such file or directory\n"
    assert local_aws.run("stop") == "local AWS was not running\n"
