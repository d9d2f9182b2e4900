"""Database instances and Redshift clusters of a stack; nothing runs in them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver

AwsClient = Any

_SUBNETS: dict[str, Any] = {
    "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.77.0.0/16"}},
    **{
        name: {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "Network"},
                "CidrBlock": f"10.77.{number}.0/24",
                "AvailabilityZone": f"us-east-1{zone}",
            },
        }
        for number, (name, zone) in enumerate((("First", "a"), ("Second", "b")))
    },
}
_IN_BOTH = [{"Ref": "First"}, {"Ref": "Second"}]


def _database(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::RDS::DBInstance",
        "Properties": {
            "Engine": "mysql",
            "DBInstanceClass": "db.t3.micro",
            "AllocatedStorage": "20",
            "MasterUsername": "admin",
            "MasterUserPassword": "password1",
            **properties,
        },
    }


def _address_of(name: str) -> dict[str, Any]:
    parts = [{"Fn::GetAtt": [name, f"Endpoint.{part}"]} for part in ("Address", "Port")]
    return {"Address": {"Value": {"Fn::Join": [":", parts]}}}


def test_a_database_is_in_the_subnet_group_that_it_refers_to(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """AWS::RDS::DBInstance in the CloudFormation Template Reference: DBSubnetGroupName."""
    group = {
        "Type": "AWS::RDS::DBSubnetGroup",
        "Properties": {"DBSubnetGroupDescription": "two", "SubnetIds": _IN_BOTH},
    }
    resources = {**_SUBNETS, "Group": group, "One": _database(DBSubnetGroupName={"Ref": "Group"})}

    created = stacks.create(unique_name, resources)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    shown = aws("rds").describe_db_instances(
        DBInstanceIdentifier=stacks.physical_id(unique_name, "One")
    )

    subnet_group = shown["DBInstances"][0]["DBSubnetGroup"]
    assert subnet_group["DBSubnetGroupName"] == stacks.physical_id(unique_name, "Group")
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("engine", "port"), [("MySQL", "3306"), ("mariadb", "3306"), ("postgres", "5432")]
)
def test_an_engine_has_its_own_port(
    engine: str, port: str, stacks: StackDriver, unique_name: str
) -> None:
    """CreateDBInstance in the RDS API Reference: Port; AWS's sample templates write MySQL."""
    resources = {"One": _database(Engine=engine)}

    created = stacks.create(unique_name, {"Resources": resources, "Outputs": _address_of("One")})

    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    assert created["Outputs"][0]["OutputValue"].endswith(f"amazonaws.com:{port}")


def test_an_engine_that_rds_does_not_have_is_refused_in_its_words(
    stacks: StackDriver, unique_name: str
) -> None:
    """CreateDBInstance in the RDS API Reference: Engine."""
    created = stacks.create(unique_name, {"One": _database(Engine="abacus")})

    assert created["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "abacus" in stacks.failures(unique_name)["One"]


def test_a_redshift_cluster_is_in_the_subnet_group_that_it_refers_to(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """AWS::Redshift::Cluster in the CloudFormation Template Reference: ClusterSubnetGroupName,
    Endpoint.Address, Endpoint.Port."""
    group = {
        "Type": "AWS::Redshift::ClusterSubnetGroup",
        "Properties": {"Description": "two", "SubnetIds": _IN_BOTH},
    }
    cluster = {
        "Type": "AWS::Redshift::Cluster",
        "Properties": {
            "ClusterType": "single-node",
            "NodeType": "ra3.large",
            "DBName": "facts",
            "MasterUsername": "admin",
            "MasterUserPassword": "Password1",
            "ClusterSubnetGroupName": {"Ref": "Group"},
        },
    }
    resources = {**_SUBNETS, "Group": group, "One": cluster}

    created = stacks.create(unique_name, {"Resources": resources, "Outputs": _address_of("One")})
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    shown = aws("redshift").describe_clusters(
        ClusterIdentifier=stacks.physical_id(unique_name, "One")
    )["Clusters"][0]

    assert shown["ClusterSubnetGroupName"] == stacks.physical_id(unique_name, "Group")
    assert created["Outputs"][0]["OutputValue"].endswith("redshift.amazonaws.com:5439")
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"


def test_a_database_in_a_cluster_is_of_its_engine(
    stacks: StackDriver, aws: AwsClient, unique_name: str
) -> None:
    """AWS::RDS::DBInstance in the CloudFormation Template Reference: DBClusterIdentifier."""
    rds = aws("rds")
    rds.create_db_cluster(
        DBClusterIdentifier=unique_name,
        Engine="aurora-mysql",
        MasterUsername="admin",
        MasterUserPassword="password1",
    )
    member = {
        "Type": "AWS::RDS::DBInstance",
        "Properties": {"DBClusterIdentifier": unique_name, "DBInstanceClass": "db.r5.large"},
    }

    created = stacks.create(
        unique_name, {"Resources": {"One": member}, "Outputs": _address_of("One")}
    )
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    name = stacks.physical_id(unique_name, "One")
    [shown] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert (shown["Engine"], shown["DBClusterIdentifier"]) == ("aurora-mysql", unique_name)
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert rds.describe_db_snapshots(DBInstanceIdentifier=name)["DBSnapshots"] == []
    rds.delete_db_cluster(DBClusterIdentifier=unique_name, SkipFinalSnapshot=True)

    member["Properties"]["DBClusterIdentifier"] = f"{unique_name}-gone"
    stacks.create(f"{unique_name}-2", {"One": member})
    assert stacks.failures(f"{unique_name}-2")["One"] == f"DBCluster {unique_name}-gone not found."


@pytest.mark.parametrize(("policy", "count"), [(None, 1), ("Snapshot", 1), ("Delete", 0)])
def test_a_database_leaves_a_snapshot_unless_it_is_not_to(
    stacks: StackDriver, aws: AwsClient, unique_name: str, policy: str | None, count: int
) -> None:
    """Template Reference, "DeletionPolicy attribute": a database's default is Snapshot."""
    database = {**_database(), **({"DeletionPolicy": policy} if policy else {})}
    stacks.create(unique_name, {"One": database})
    name = stacks.physical_id(unique_name, "One")
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    snapshots = aws("rds").describe_db_snapshots(DBInstanceIdentifier=name)["DBSnapshots"]
    assert len(snapshots) == count
    starts = f"{unique_name}-snapshot-one-"
    assert all(each["DBSnapshotIdentifier"].startswith(starts) for each in snapshots)


def test_what_a_database_leaves_by_default_is_no_change(
    stacks: StackDriver, unique_name: str
) -> None:
    """API_UpdateStack: an update that changes nothing is refused, with each default policy."""
    resources = {
        "Alone": _database(),
        "Cluster": {
            "Type": "AWS::RDS::DBCluster",
            "Properties": {
                "Engine": "aurora-mysql",
                "MasterUsername": "admin",
                "MasterUserPassword": "password1",
            },
        },
    }
    stacks.create(unique_name, resources)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name)
    named = {name: {**each, "DeletionPolicy": "Snapshot"} for name, each in resources.items()}
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name, named)
    kept = {name: {**each, "DeletionPolicy": "Delete"} for name, each in resources.items()}
    assert stacks.update(unique_name, kept)["StackStatus"] == "UPDATE_COMPLETE"


def test_a_database_changes_in_place(stacks: StackDriver, aws: AwsClient, unique_name: str) -> None:
    """AWS::RDS::DBInstance in the CloudFormation Template Reference: no or some interruption."""
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "databases", "VpcId": {"Ref": "Network"}},
    }
    beside = {"Network": _SUBNETS["Network"], "Group": group}
    tags = [{"Key": "team", "Value": "a"}]

    def shown() -> dict[str, Any]:
        named = {"DBInstanceIdentifier": stacks.physical_id(unique_name, "One")}
        found: dict[str, Any] = aws("rds").describe_db_instances(**named)["DBInstances"][0]
        return found

    stacks.create(unique_name, {**beside, "One": _database()})
    before = shown()
    changed = _database(
        AllocatedStorage="30",
        MaxAllocatedStorage=100,
        DBInstanceClass="db.t3.small",
        BackupRetentionPeriod=7,
        MultiAZ=True,
        CopyTagsToSnapshot=True,
        EnableCloudwatchLogsExports=["error"],
        VPCSecurityGroups=[{"Fn::GetAtt": ["Group", "GroupId"]}],
        Tags=tags,
    )
    updated = stacks.update(unique_name, {**beside, "One": changed})
    assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures(unique_name)

    after = shown()
    assert after["DbiResourceId"] == before["DbiResourceId"]
    assert after["DBInstanceIdentifier"] == before["DBInstanceIdentifier"]
    assert after["InstanceCreateTime"] == before["InstanceCreateTime"]
    assert (after["AllocatedStorage"], after["MaxAllocatedStorage"]) == (30, 100)
    assert (after["DBInstanceClass"], after["MultiAZ"]) == ("db.t3.small", True)
    assert (after["BackupRetentionPeriod"], after["CopyTagsToSnapshot"]) == (7, True)
    assert after["EnabledCloudwatchLogsExports"] == ["error"]
    groups = [each["VpcSecurityGroupId"] for each in after["VpcSecurityGroups"]]
    assert groups == [stacks.physical_id(unique_name, "Group")]
    assert tags[0] in after["TagList"]

    stacks.update(unique_name, {**beside, "One": _database(DBInstanceClass="db.t3.medium")})
    last = shown()
    assert (last["DBInstanceClass"], last["BackupRetentionPeriod"]) == ("db.t3.medium", 7)
    assert tags[0] not in last["TagList"]
    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
