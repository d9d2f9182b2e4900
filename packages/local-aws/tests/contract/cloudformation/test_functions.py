"""What belongs to a stack's functions: permissions, versions, aliases, layers."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

AwsClient = Any


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _function(description: str = "") -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    role = {"Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    return {
        "Role": _resource("IAM::Role", AssumeRolePolicyDocument=role),
        "Function": _resource(
            "Lambda::Function",
            Handler="index.handler",
            Runtime="python3.12",
            Role={"Fn::GetAtt": ["Role", "Arn"]},
            Code={"ZipFile": "def handler(event, context): pass"},
            Description=description,
        ),
    }


_NAME = {"Ref": "Function"}


def test_a_function_has_the_permissions_of_its_stack(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::Permission": Ref is the statement's id."""
    permission = _resource(
        "Lambda::Permission",
        FunctionName=_NAME,
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceAccount="123456789012",
    )
    outputs = {"Id": {"Value": {"Fn::GetAtt": ["One", "Id"]}}}
    created = stacks.create(
        unique_name, {"Resources": {**_function(), "One": permission}, "Outputs": outputs}
    )
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    function = stacks.physical_id(unique_name, "Function")
    policy = aws("lambda").get_policy(FunctionName=function)["Policy"]
    assert f'"Sid": "{stacks.physical_id(unique_name, "One")}"' in policy
    assert stacks.outputs(unique_name)["Id"] == stacks.physical_id(unique_name, "One")

    stacks.update(unique_name, _function())

    client = aws("lambda")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_policy(FunctionName=function)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_an_alias_moves_to_another_version(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::Version" and "AWS::Lambda::Alias"."""

    def declared(version: str) -> dict[str, Any]:
        return {
            **_function(version),
            version: _resource("Lambda::Version", FunctionName=_NAME, Description=version),
            "Live": _resource(
                "Lambda::Alias",
                FunctionName=_NAME,
                FunctionVersion={"Fn::GetAtt": [version, "Version"]},
                Name="live",
            ),
        }

    def version_of_alias() -> str:
        function = stacks.physical_id(unique_name, "Function")
        return str(aws("lambda").get_alias(FunctionName=function, Name="live")["FunctionVersion"])

    created = stacks.create(unique_name, declared("First"))
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    before, alias = version_of_alias(), stacks.physical_id(unique_name, "Live")
    updated = stacks.update(unique_name, declared("Second"))
    assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)

    assert stacks.physical_id(unique_name, "Second").endswith(f":{version_of_alias()}")
    assert version_of_alias() != before
    assert stacks.physical_id(unique_name, "Live") == alias
    assert alias.endswith(":live")
    deleted = stacks.delete(unique_name)
    assert deleted["StackStatus"] == "DELETE_COMPLETE", stacks.failures(created["StackId"])


def test_a_layer_is_a_version_of_its_own(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::LayerVersion": a change creates another."""
    content = _archive(aws, unique_name)

    def numbers() -> list[int]:
        found = aws("lambda").list_layer_versions(LayerName=unique_name)["LayerVersions"]
        return [each["Version"] for each in found]

    layer = _resource("Lambda::LayerVersion", LayerName=unique_name, Content=content)
    stacks.create(unique_name, {"One": layer})
    first = stacks.physical_id(unique_name, "One")
    assert first.endswith(f":layer:{unique_name}:1")
    layer["Properties"]["Description"] = "another"
    assert stacks.update(unique_name, {"One": layer})["StackStatus"] == "UPDATE_COMPLETE"

    assert stacks.physical_id(unique_name, "One") == f"{first[:-1]}2"
    assert numbers() == [2]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert numbers() == []


def test_a_version_of_a_layer_is_shared(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::LayerVersionPermission"; API_GetLayerVersion
    and API_AddLayerVersionPermission: a statement of the layer version's own policy."""
    content = _archive(aws, unique_name)
    resources = {
        "Layer": _resource("Lambda::LayerVersion", LayerName=unique_name, Content=content),
        "Shared": _resource(
            "Lambda::LayerVersionPermission",
            LayerVersionArn={"Ref": "Layer"},
            Action="lambda:GetLayerVersion",
            Principal="*",
            OrganizationId="o-0123456789",
        ),
    }
    version = {"LayerName": unique_name, "VersionNumber": 1}

    def statements() -> list[dict[str, Any]]:
        policy = json.loads(aws("lambda").get_layer_version_policy(**version)["Policy"])
        found: list[dict[str, Any]] = policy["Statement"]
        return found

    created = stacks.create(unique_name, resources)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    arn, _, statement_id = stacks.physical_id(unique_name, "Shared").partition("#")
    assert arn == stacks.physical_id(unique_name, "Layer")
    assert [each["Sid"] for each in statements()] == [statement_id]
    resources["Shared"]["Properties"]["Principal"] = "123456789012"
    del resources["Shared"]["Properties"]["OrganizationId"]
    stacks.update(unique_name, resources)
    assert ["123456789012" in str(each["Principal"]) for each in statements()] == [True]
    stacks.update(unique_name, {"Layer": resources["Layer"]})
    with pytest.raises(ClientError, match="does not exist"):
        statements()
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_function_has_the_layers_that_its_template_gives(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """CloudFormation Template Reference, "AWS::Lambda::Function": Layers, in their order."""
    layers = {
        name: _resource("Lambda::LayerVersion", Content=_archive(aws, unique_name))
        for name in ("First", "Second")
    }

    def declared(*names: str) -> dict[str, Any]:
        resources = _function()
        resources["Function"]["Properties"]["Layers"] = [{"Ref": name} for name in names]
        return {**resources, **layers}

    def used() -> list[str]:
        name = stacks.physical_id(unique_name, "Function")
        found = aws("lambda").get_function_configuration(FunctionName=name).get("Layers", [])
        return [each["Arn"] for each in found]

    created = stacks.create(unique_name, declared("First"))
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    assert used() == [stacks.physical_id(unique_name, "First")]
    stacks.update(unique_name, declared("Second", "First"))
    assert used() == [stacks.physical_id(unique_name, name) for name in ("Second", "First")]
    stacks.update(unique_name, declared())
    assert used() == []
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def _archive(aws: AwsClient, bucket: str) -> dict[str, str]:
    """Code in a bucket, as a template names it."""
    aws("s3").create_bucket(Bucket=bucket)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("one.py", "")
    aws("s3").put_object(Bucket=bucket, Key="layer.zip", Body=archive.getvalue())
    return {"S3Bucket": bucket, "S3Key": "layer.zip"}
