"""What the data type of a parameter asks of its value.

Source: DataType of API_PutParameter; "Using native parameter support for Amazon Machine Image IDs"
in the Systems Manager User Guide: the id of an image is looked at after the request was answered,
and when there is no such image, nothing is created or updated.
"""

from __future__ import annotations

import re

_IMAGE = "aws:ec2:image"
_KNOWN = ("text", _IMAGE, "aws:ssm:integration")
_IMAGE_ID = re.compile(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?")


def is_known(data_type: str) -> bool:
    """Whether Systems Manager has the data type; their names are lowercase."""
    return data_type in _KNOWN


def takes(data_type: str, value: str) -> bool:
    """Whether a version with this value comes to be: any id of an image's form is an image's."""
    return data_type != _IMAGE or _IMAGE_ID.fullmatch(value) is not None
