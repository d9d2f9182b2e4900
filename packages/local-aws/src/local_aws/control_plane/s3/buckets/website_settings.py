"""What a bucket's website may be: an index document, or a redirect of everything.

Source: API_IndexDocument: no slash in the suffix; API_WebsiteConfiguration: RedirectAllRequestsTo
and nothing else. The words are those that other emulators have of the real S3.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from local_aws.control_plane.api_errors import ApiError

_BESIDE_A_REDIRECT = ("IndexDocument", "ErrorDocument", "RoutingRules")


def require_sense(root: Element) -> None:
    """Raise ApiError for settings that exclude each other, and for an index that is none."""
    if root.find("{*}RedirectAllRequestsTo") is not None:
        for name in _BESIDE_A_REDIRECT:
            if root.find(f"{{*}}{name}") is not None:
                raise _refused(
                    f"{name} cannot be provided in conjunction with RedirectAllRequestsTo.", name
                )
        return
    index = root.find("{*}IndexDocument")
    if index is None:
        raise _refused(
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            "IndexDocument",
        )
    suffix = index.findtext("{*}Suffix") or ""
    if not suffix or "/" in suffix:
        raise _refused("The IndexDocument Suffix is not well formed", "IndexDocument")


def _refused(message: str, name: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidArgument", message, {"ArgumentName": name})
