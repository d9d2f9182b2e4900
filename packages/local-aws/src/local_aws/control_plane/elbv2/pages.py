"""Lists in pages of PageSize, and of 400 when a request does not say.

Source: PageSize, Marker and NextMarker of each action in the Elastic Load Balancing API Reference.
"""

from __future__ import annotations

from moto.elbv2.responses import ELBV2Response

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size


def install() -> None:
    pages.install("elbv2", ELBV2Response, {}, others=Size(usual=400, most=400))
