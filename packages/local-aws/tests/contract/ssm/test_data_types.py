"""Data types of parameters."""

from __future__ import annotations

from typing import Any

from refusals import error_of

IMAGE = "aws:ec2:image"
INTEGRATION = "/d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations/webhook"


def test_an_image_that_is_none_is_not_created(ssm: Any, unique_name: str) -> None:
    """API_PutParameter, DataType: the call succeeds, and the validation that follows fails."""
    tags = [{"Key": "kind", "Value": "image"}]
    asked = {"Name": unique_name, "Type": "String", "DataType": IMAGE}
    assert ssm.put_parameter(**asked, Value="image", Tags=tags)["Version"] == 1
    assert error_of(ssm.get_parameter, Name=unique_name)[0] == "ParameterNotFound"
    assert ssm.put_parameter(**asked, Value="ami-12c6146b")["Version"] == 1
    listed = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=unique_name)
    assert listed["TagList"] == []


def test_an_image_that_is_none_updates_nothing(ssm: Any, unique_name: str) -> None:
    """API_PutParameter, DataType: the parameter "will not be created or updated"."""
    asked = {"Name": unique_name, "DataType": IMAGE, "Overwrite": True}
    ssm.put_parameter(**asked, Type="String", Value="ami-12c6146b")
    ssm.put_parameter(**asked, Value="ami-12C6146B")
    shown = ssm.get_parameter(Name=unique_name)["Parameter"]
    assert (shown["Value"], shown["Version"], shown["DataType"]) == ("ami-12c6146b", 1, IMAGE)


def test_an_integration_is_a_data_type(ssm: Any, unique_name: str) -> None:
    """API_PutParameter, DataType: aws:ssm:integration; its names begin with Automation's id."""
    name, data_type = f"{INTEGRATION}/{unique_name}", "aws:ssm:integration"
    ssm.put_parameter(Name=name, Value="{}", Type="SecureString", DataType=data_type)
    assert ssm.get_parameter(Name=name)["Parameter"]["DataType"] == data_type


def test_a_data_type_that_is_none(ssm: Any, unique_name: str) -> None:
    """API_PutParameter: DataType."""
    call = {"Name": unique_name, "Value": "1", "Type": "String", "DataType": "TEXT"}
    code, words = error_of(ssm.put_parameter, **call)
    assert (code, "not supported: TEXT" in words) == ("ValidationException", True)
