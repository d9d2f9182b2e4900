"""Flow logs that go to buckets."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def request_of_a_log(aws: Any) -> dict[str, Any]:
    vpc_id = aws("ec2").create_vpc(CidrBlock="10.83.0.0/16")["Vpc"]["VpcId"]
    return {
        "ResourceIds": [vpc_id],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
    }


def test_flow_logs_go_to_a_bucket_and_to_a_folder_of_it(
    aws: Any, unique_name: str, request_of_a_log: dict[str, Any]
) -> None:
    """Recorded from AWS; API_CreateFlowLogs: LogDestination, ClientToken, DestinationOptions."""
    ec2 = aws("ec2")
    aws("s3").create_bucket(Bucket=unique_name)
    for destination in (f"arn:aws:s3:::{unique_name}", f"arn:aws:s3:::{unique_name}/folder/"):
        call = {**request_of_a_log, "LogDestination": destination}
        made = ec2.create_flow_logs(**call)
        assert made["ClientToken"]
        assert made["Unsuccessful"] == []
        [found] = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
        assert found["LogDestination"] == destination
        assert found["DestinationOptions"] == {
            "FileFormat": "plain-text",
            "HiveCompatiblePartitions": False,
            "PerHourPartition": False,
        }
        with pytest.raises(ClientError, match="FlowLogAlreadyExists"):
            ec2.create_flow_logs(**call)


def test_flow_logs_without_a_place_to_go_are_refused(
    aws: Any, unique_name: str, request_of_a_log: dict[str, Any]
) -> None:
    """Recorded from AWS: a bucket that is not there, and two destinations."""
    ec2 = aws("ec2")
    destination = {"LogDestination": f"arn:aws:s3:::{unique_name}"}
    [failed] = ec2.create_flow_logs(**request_of_a_log, **destination)["Unsuccessful"]
    assert failed["Error"] == {
        "Code": "400",
        "Message": f"LogDestination: {unique_name} does not exist",
    }
    with pytest.raises(ClientError, match="Please only provide LogGroupName or only provide"):
        ec2.create_flow_logs(**request_of_a_log, **destination, LogGroupName="group")
