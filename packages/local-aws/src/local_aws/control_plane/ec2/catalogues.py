"""What EC2 lists for everyone: in pages, which are cut before they are written, and beside other
requests.

moto writes the whole list each time, which takes seconds: 1,395 instance types, 1,301 images with
their snapshots.

Source: "Pagination" in the EC2 API Reference; MaxResults of API_DescribeInstanceTypes and its
neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.ec2 import pages


@dataclass(frozen=True)
class _Catalogue:
    """`method` is moto's; `most` is how many a page has at most, None for all there are."""

    method: str
    member: str
    most: int | None = None


_CATALOGUES: Mapping[str, _Catalogue] = {
    "DescribeInstanceTypes": _Catalogue("describe_instance_types", "InstanceTypes", 100),
    "DescribeInstanceTypeOfferings": _Catalogue(
        "describe_instance_type_offerings", "InstanceTypeOfferings", 1000
    ),
    "DescribeSpotPriceHistory": _Catalogue("describe_spot_price_history", "SpotPriceHistory", 1000),
    "DescribeImages": _Catalogue("describe_images", "Images"),
    "DescribeSnapshots": _Catalogue("describe_snapshots", "Snapshots"),
    "DescribeSnapshotTierStatus": _Catalogue(
        "describe_snapshot_tier_status", "SnapshotTierStatuses"
    ),
}


def install() -> None:
    for action, catalogue in _CATALOGUES.items():
        whole = getattr(EC2Response, catalogue.method)
        paged = pages.in_pages(action, catalogue.member, whole, catalogue.most)
        moto_seams.replace(EC2Response, **{catalogue.method: paged})


def is_read(request: ApiRequest) -> bool:
    """Whether it reads a catalogue, which may be done while another request changes something.

    Instance types, offerings and prices never change. Images and snapshots are listed once they
    are made; a list that changes under the reader is read again, alone.
    """
    return request.action in _CATALOGUES
