"""Peering connections of networks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any


def test_a_peering_connection_shows_the_accepter_once_it_has_accepted(aws: Any) -> None:
    """Recorded from AWS; API_VpcPeeringConnection: ExpirationTime, CidrBlockSet."""
    ec2 = aws("ec2")
    ours, theirs = (
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in (81, 82)
    )
    made = ec2.create_vpc_peering_connection(VpcId=ours, PeerVpcId=theirs)
    named = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    def shown() -> Any:
        [found] = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[named])[
            "VpcPeeringConnections"
        ]
        return found

    asked = shown()
    assert asked["Status"]["Code"] == "pending-acceptance"
    assert asked["RequesterVpcInfo"]["CidrBlockSet"] == [{"CidrBlock": "10.81.0.0/16"}]
    assert asked["AccepterVpcInfo"].keys() == {"OwnerId", "Region", "VpcId"}
    left = asked["ExpirationTime"] - datetime.now(UTC)
    assert timedelta(days=6) < left <= timedelta(days=7)

    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=named)
    accepted = shown()
    assert "ExpirationTime" not in accepted
    assert accepted["AccepterVpcInfo"]["CidrBlockSet"] == [{"CidrBlock": "10.82.0.0/16"}]
    assert accepted["AccepterVpcInfo"]["PeeringOptions"]
