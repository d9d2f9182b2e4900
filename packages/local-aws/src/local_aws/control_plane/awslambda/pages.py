"""Lists in pages: moto gives all there is.

Source: MaxItems of API_ListFunctions, API_ListVersionsByFunction, API_ListLayers,
API_ListLayerVersions (50 items in a page at most) and API_ListEventSourceMappings (100).
"""

from __future__ import annotations

from moto.awslambda.responses import LambdaResponse

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size

_FIFTY = Size(usual=50, most=50)


def install() -> None:
    sizes = {
        "ListEventSourceMappings": Size(usual=100, most=100),
        "ListFunctions": _FIFTY,
        "ListLayerVersions": _FIFTY,
        "ListLayers": _FIFTY,
        "ListVersionsByFunction": _FIFTY,
    }
    pages.install("lambda", LambdaResponse, sizes)
