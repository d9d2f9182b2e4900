"""Keys, aliases, grants and tags in pages: moto answers all of them at once.

Source: Limit, Marker, Truncated and NextMarker of API_ListKeys, API_ListAliases and their
neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from moto.kms.exceptions import ValidationException
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams, pages
from local_aws.control_plane.kms import aliases
from local_aws.control_plane.pages import Size

_SIZES: Mapping[str, Size] = {
    "ListAliases": Size(usual=50, most=100),
    "ListGrants": Size(usual=50, most=100),
    "ListKeyPolicies": Size(usual=100, most=1000),
    "ListKeyRotations": Size(usual=100, most=1000),
    "ListKeys": Size(usual=100, most=1000),
    "ListResourceTags": Size(usual=50, most=50),
    "ListRetirableGrants": Size(usual=50, most=100),
}

_moto_aliases = KmsResponse.list_aliases


def install() -> None:
    moto_seams.replace(KmsResponse, list_aliases=_list_aliases)
    pages.install("kms", KmsResponse, _SIZES, refuse=ValidationException)


def _list_aliases(self: KmsResponse) -> str:
    made = {alias.alias_name: alias for alias in self.kms_backend.list_aliases()}
    found = [
        aliases.shown(made[each["AliasName"]]) if each["AliasName"] in made else each
        for each in json.loads(_moto_aliases(self))["Aliases"]
    ]
    return json.dumps({"Aliases": found})
