"""Lists in pages: of most, moto gives all there is, and it looks for some names on one page only.

Source: MaxItems of each list in the IAM API Reference: "If you do not include this parameter, the
number of items defaults to 100"; Marker, IsTruncated.
"""

from __future__ import annotations

from moto.iam.responses import IamResponse

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size


def install() -> None:
    """The four lists of GetAccountAuthorizationDetails, with AWS's 1,500 policies, share a page."""
    pages.install("iam", IamResponse, {}, others=Size(usual=100, most=1000))
