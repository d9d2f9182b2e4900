"""Parts of a request that IAM refuses while the rest is carried out: objects of S3's DeleteObjects.

AWS: API_DeleteObjects, "Errors": an object that the caller may not delete has AccessDenied there.
"""

from __future__ import annotations

from collections.abc import Mapping

from local_aws.control_plane.api_errors import ApiError

RefusedParts = Mapping[tuple[str, str | None], ApiError]
"""Why, by the ARN of an object and its version; None for the current one."""

ENVIRON = "local_aws.refused_parts"
"""Where the WSGI environment of a request has its RefusedParts."""
