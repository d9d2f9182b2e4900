"""What EC2 lists for everyone: in pages, which are cut before they are written, and beside other
requests.

moto writes the whole list each time, which takes seconds: 1,395 instance types, 1,301 images with
their snapshots.

Source: "Pagination" in the EC2 API Reference; MaxResults of API_DescribeInstanceTypes and its
neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from moto.ec2.responses import EC2Response

from local_aws.control_plane import pages
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.pages import Size

_SIZES: Mapping[str, Size] = {
    "DescribeInstanceTypes": Size(usual=100, most=100),
    "DescribeInstanceTypeOfferings": Size(usual=1000, most=1000),
    "DescribeSpotPriceHistory": Size(usual=1000, most=1000),
    "DescribeImages": Size(usual=None, most=None),
    "DescribeSnapshots": Size(usual=None, most=None),
    "DescribeSnapshotTierStatus": Size(usual=None, most=None),
}


def install() -> None:
    pages.install("ec2", EC2Response, _SIZES)


def is_read(request: ApiRequest) -> bool:
    """Whether it reads a catalogue, which may be done while another request changes something.

    Instance types, offerings and prices never change. Images and snapshots are listed once they
    are made; a list that changes under the reader is read again, alone.
    """
    return request.action in _SIZES
