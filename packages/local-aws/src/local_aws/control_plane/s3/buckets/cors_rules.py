"""Rules of CORS that S3's schema allows and S3 does not.

Source: API_CORSRule; "Elements of a CORS configuration" in the S3 User Guide: at most one `*` in an
origin and in a header. The words are those that other emulators have of the real S3.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from local_aws.control_plane.api_errors import ApiError


def require_sense(root: Element) -> None:
    """Raise ApiError for a wildcard where none can be."""
    for rule in root.iterfind("{*}CORSRule"):
        for name in ("AllowedOrigin", "AllowedHeader"):
            for element in rule.iterfind(f"{{*}}{name}"):
                if (element.text or "").count("*") > 1:
                    raise _refused(f'{name} "{element.text}" can not have more than one wildcard.')
        for element in rule.iterfind("{*}ExposeHeader"):
            if "*" in (element.text or ""):
                raise _refused(
                    f'ExposeHeader "{element.text}" contains wildcard. We currently do not support '
                    "wildcard for ExposeHeader."
                )


def _refused(message: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidRequest", message)
