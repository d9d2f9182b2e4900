"""Clusters of databases in a stack, and secrets with the connection to a database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

AwsClient = Any


def _cluster(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::RDS::DBCluster",
        "DeletionPolicy": "Delete",
        "Properties": {
            "Engine": "aurora-postgresql",
            "MasterUsername": "admin",
            "MasterUserPassword": "password1",
            **properties,
        },
    }


def _member(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::RDS::DBInstance",
        "Properties": {
            "DBClusterIdentifier": {"Ref": "Cluster"},
            "DBInstanceClass": "db.r6g.large",
            "Engine": "aurora-postgresql",
            **properties,
        },
    }


def _attached(target: str, kind: str) -> dict[str, Any]:
    return {
        "Type": "AWS::SecretsManager::SecretTargetAttachment",
        "Properties": {
            "SecretId": {"Ref": "Secret"},
            "TargetId": {"Ref": target},
            "TargetType": f"AWS::RDS::{kind}",
        },
    }


_SECRET = {
    "Type": "AWS::SecretsManager::Secret",
    "Properties": {"SecretString": '{"username": "admin", "password": "password1"}'},
}


def _shown(aws: AwsClient, identifier: str) -> dict[str, Any]:
    [found] = aws("rds").describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]
    shown: dict[str, Any] = found
    return shown


def test_a_cluster_lives_its_whole_life(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """AWS::RDS::DBCluster in the CloudFormation Template Reference: return values, updates."""
    outputs = ("Endpoint.Address", "Endpoint.Port", "ReadEndpoint.Address", "DBClusterArn")
    template = {
        "Resources": {
            "Cluster": _cluster(Port="5433", BackupRetentionPeriod=7, Tags=_tags(a="1", b="2")),
            "Writer": _member(),
        },
        "Outputs": {
            name.replace(".", ""): {"Value": {"Fn::GetAtt": f"Cluster.{name}"}} for name in outputs
        },
    }
    created = stacks.create(unique_name, template)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    identifier = stacks.physical_id(unique_name, "Cluster")
    cluster = _shown(aws, identifier)
    assert identifier.startswith(f"{unique_name}-cluster-")
    assert stacks.outputs(unique_name) == {
        "EndpointAddress": cluster["Endpoint"],
        "EndpointPort": "5433",
        "ReadEndpointAddress": cluster["ReaderEndpoint"],
        "DBClusterArn": cluster["DBClusterArn"],
    }
    members = [each["DBInstanceIdentifier"] for each in cluster["DBClusterMembers"]]
    assert members == [stacks.physical_id(unique_name, "Writer")]

    role = {"RoleArn": "arn:aws:iam::123456789012:role/a", "FeatureName": "s3Import"}
    template["Resources"]["Cluster"] = _cluster(
        Port="5433",
        BackupRetentionPeriod=9,
        DeletionProtection=True,
        EnableCloudwatchLogsExports=["postgresql"],
        AssociatedRoles=[role],
        Tags=_tags(b="3"),
    )
    assert stacks.update(unique_name, template)["StackStatus"] == "UPDATE_COMPLETE"
    cluster = _shown(aws, identifier)
    assert cluster["BackupRetentionPeriod"] == 9
    assert cluster["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert [each["RoleArn"] for each in cluster["AssociatedRoles"]] == [role["RoleArn"]]
    assert {"Key": "b", "Value": "3"} in cluster["TagList"]
    assert "a" not in {tag["Key"] for tag in cluster["TagList"]}

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_FAILED"
    aws("rds").modify_db_cluster(DBClusterIdentifier=identifier, DeletionProtection=False)
    deleted = created["StackId"]
    stacks.client.delete_stack(StackName=deleted)
    assert stacks.settled(deleted)["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="not found"):
        _shown(aws, identifier)


def _tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def test_what_rds_refuses_to_change_stays_as_it_was(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """API_ModifyDBCluster: MasterUserPassword has 8 characters at least."""
    stacks.create(unique_name, {"Cluster": _cluster()})
    identifier = stacks.physical_id(unique_name, "Cluster")

    updated = stacks.update(unique_name, {"Cluster": _cluster(MasterUserPassword="short")})

    assert updated["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "MasterUserPassword" in stacks.failures(unique_name)["Cluster"]
    assert _shown(aws, identifier)["Status"] == "available"


@pytest.mark.parametrize(("policy", "count"), [(None, 1), ("Snapshot", 1), ("Delete", 0)])
def test_a_cluster_leaves_a_snapshot_unless_it_is_not_to(
    stacks: StackDriver, aws: AwsClient, unique_name: str, policy: str | None, count: int
) -> None:
    """Template Reference, "DeletionPolicy attribute": a cluster's default is Snapshot."""
    cluster = _cluster()
    cluster.pop("DeletionPolicy")
    stacks.create(
        unique_name, {"Cluster": {**cluster, **({"DeletionPolicy": policy} if policy else {})}}
    )
    name = stacks.physical_id(unique_name, "Cluster")
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    rds = aws("rds")
    kept = rds.describe_db_cluster_snapshots(DBClusterIdentifier=name, SnapshotType="manual")
    assert len(kept["DBClusterSnapshots"]) == count


def test_a_cluster_is_not_restored_here(stacks: StackDriver, unique_name: str) -> None:
    """AWS::RDS::DBCluster: SnapshotIdentifier; refused before anything is created."""
    with pytest.raises(ClientError, match="SnapshotIdentifier of AWS::RDS::DBCluster is not emul"):
        stacks.create(unique_name, {"Cluster": _cluster(SnapshotIdentifier="one")})


def test_a_parameter_group_of_clusters_changes_in_place(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """AWS::RDS::DBClusterParameterGroup in the CloudFormation Template Reference."""

    def group(**parameters: Any) -> dict[str, Any]:
        given = {"Description": "d", "Family": "aurora-mysql8.0", "Parameters": parameters}
        return {"Type": "AWS::RDS::DBClusterParameterGroup", "Properties": given}

    def parameters() -> dict[str, str]:
        name = stacks.physical_id(unique_name, "Group")
        found = aws("rds").describe_db_cluster_parameters(DBClusterParameterGroupName=name)
        return {each["ParameterName"]: each["ParameterValue"] for each in found["Parameters"]}

    cluster = _cluster(DBClusterParameterGroupName={"Ref": "Group"})
    stacks.create(unique_name, {"Group": group(time_zone="UTC", lock=5), "Cluster": cluster})
    name = stacks.physical_id(unique_name, "Group")
    assert parameters() == {"time_zone": "UTC", "lock": "5"}
    shown = _shown(aws, stacks.physical_id(unique_name, "Cluster"))
    assert shown["DBClusterParameterGroup"] == name

    stacks.update(unique_name, {"Group": group(time_zone="CET"), "Cluster": cluster})
    assert stacks.physical_id(unique_name, "Group") == name
    assert parameters() == {"time_zone": "CET"}
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_secret_has_the_connection_to_its_target(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """ "AWS::SecretsManager::SecretTargetAttachment" in the CloudFormation Template Reference; the
    members as users saw them (aws/aws-cdk#11517)."""

    def members() -> dict[str, Any]:
        arn = stacks.physical_id(unique_name, "Secret")
        found = aws("secretsmanager").get_secret_value(SecretId=arn)
        shown: dict[str, Any] = json.loads(found["SecretString"])
        return shown

    resources = {
        "Secret": _SECRET,
        "Cluster": _cluster(DatabaseName="orders"),
        "Attached": _attached("Cluster", "DBCluster"),
    }
    created = stacks.create(unique_name, resources)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    ids = [stacks.physical_id(unique_name, name) for name in ("Secret", "Attached")]
    assert ids[0] == ids[1]
    cluster = _shown(aws, stacks.physical_id(unique_name, "Cluster"))
    credentials = {"username": "admin", "password": "password1"}
    assert members() == {
        **credentials,
        "dbClusterIdentifier": cluster["DBClusterIdentifier"],
        "dbname": "orders",
        "engine": "postgres",
        "host": cluster["Endpoint"],
        "port": 5432,
    }

    writer = {"Writer": _member(), "Attached": _attached("Writer", "DBInstance")}
    stacks.update(unique_name, {**resources, **writer})
    assert members()["dbInstanceIdentifier"] == stacks.physical_id(unique_name, "Writer")
    assert "dbClusterIdentifier" not in members()

    del resources["Attached"]
    stacks.update(unique_name, resources)
    assert members() == credentials


def test_a_secret_connects_to_databases_of_rds_here(stacks: StackDriver, unique_name: str) -> None:
    """AWS::SecretsManager::SecretTargetAttachment: TargetType."""
    attached = _attached("Secret", "DBCluster")
    attached["Properties"]["TargetType"] = "AWS::DocDB::DBCluster"
    with pytest.raises(ClientError, match=r"TargetType AWS::DocDB::DBCluster .* is not emulated"):
        stacks.create(unique_name, {"Secret": _SECRET, "Attached": attached})
