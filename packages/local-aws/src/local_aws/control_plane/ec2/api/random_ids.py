"""Ids of EC2's resources, each drawn at once: moto draws them digit by digit, which is most of what
its 1,300 images of a region cost."""

from __future__ import annotations

from moto.ec2 import utils
from moto.moto_api._internal import mock_random

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(utils, random_resource_id=_random_id)


def _random_id(size: int = 8) -> str:
    return f"{mock_random.getrandbits(4 * size):0{size}x}"
