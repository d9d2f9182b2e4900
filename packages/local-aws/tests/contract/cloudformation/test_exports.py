"""Exported outputs: unique, listed with their importers, and kept while they are imported."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from stack_driver import BROKEN, StackDriver, parameter, template_body, waiting


def test_the_importers_of_a_value_are_listed(stacks: StackDriver, unique_name: str) -> None:
    """API_ListImports; the error of one that nobody imports is AWS's."""
    export = {"Out": {"Value": "shared", "Export": {"Name": unique_name}}}
    stacks.create(unique_name, {"Resources": {"One": parameter("1")}, "Outputs": export})
    with pytest.raises(ClientError, match="is not imported by any stack"):
        stacks.client.list_imports(ExportName=unique_name)

    importer = f"{unique_name}-importer"
    stacks.create(importer, {"One": parameter({"Fn::ImportValue": unique_name})})

    assert stacks.client.list_imports(ExportName=unique_name)["Imports"] == [importer]
    stacks.delete(importer)


def test_an_export_is_unique_and_kept_while_it_is_imported(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Get exported outputs from a deployed CloudFormation stack". A
    refused deletion leaves the stack's state as it was, with the reason, as users show it:
    rlister/stax issue 40, aws/aws-cdk issue 604."""
    export = {"Out": {"Value": "shared", "Export": {"Name": unique_name}}}
    exporting = {"Resources": {"One": parameter("1")}, "Outputs": export}
    importing = {"One": parameter({"Fn::ImportValue": unique_name})}
    importer = f"{unique_name}-importer"
    stacks.create(unique_name, exporting)

    second = stacks.create(f"{unique_name}-second", exporting)
    assert second["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "already exported" in str(stacks.events(f"{unique_name}-second"))

    assert stacks.create(importer, importing)["StackStatus"] == "CREATE_COMPLETE"
    refused = stacks.delete(unique_name)
    reason = f"Export {unique_name} cannot be deleted as it is in use by {importer}"
    assert (refused["StackStatus"], refused["StackStatusReason"]) == ("CREATE_COMPLETE", reason)
    assert stacks.events(unique_name)[-1] == (unique_name, "CREATE_COMPLETE", reason)

    stacks.delete(importer)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    stacks.create(importer, importing)
    assert stacks.failures(importer)["One"] == f"No export named {unique_name} found."


def test_a_change_set_imports_nothing_until_it_is_executed(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Update CloudFormation stacks using change sets": a change set
    changes nothing by being created."""
    export = {"Out": {"Value": "shared", "Export": {"Name": unique_name}}}
    importing = {"One": parameter({"Fn::ImportValue": unique_name})}
    importer = f"{unique_name}-importer"
    stacks.create(unique_name, {"Resources": {"One": parameter("1")}, "Outputs": export})
    stacks.create(importer, {"One": parameter("1")})

    stacks.change_set(importer, importing)

    stacks.client.delete_change_set(StackName=importer, ChangeSetName="changes")
    with pytest.raises(ClientError, match="is not imported by any stack"):
        stacks.client.list_imports(ExportName=unique_name)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_an_importer_imports_until_the_update_that_imports_no_more_is_complete(
    stacks: StackDriver, unique_name: str
) -> None:
    """CloudFormation User Guide, "Get exported outputs from a deployed CloudFormation stack": not
    before all imports are removed can the export be deleted. A rollback needs it."""
    export = {"Out": {"Value": "shared", "Export": {"Name": unique_name}}}
    importing = {"One": parameter({"Fn::ImportValue": unique_name})}
    importer = f"{unique_name}-importer"
    stacks.create(unique_name, {"Resources": {"One": parameter("1")}, "Outputs": export})
    stacks.create(importer, importing)

    failed = stacks.update(importer, {"One": parameter("2"), "Broken": BROKEN})
    assert failed["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    slow = {"Resources": {"One": parameter("2"), **waiting(2)}}
    stacks.client.update_stack(StackName=importer, TemplateBody=template_body(slow))
    during = stacks.client.list_imports(ExportName=unique_name)["Imports"]
    stacks.settled(importer)

    assert during == [importer]
    assert stacks.client.list_imports(ExportName=unique_name)["Imports"] == [importer]
    stacks.update(importer, {"One": parameter("3")})
    with pytest.raises(ClientError, match="is not imported by any stack"):
        stacks.client.list_imports(ExportName=unique_name)
