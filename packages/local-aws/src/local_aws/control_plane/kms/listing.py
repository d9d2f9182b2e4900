"""Keys and aliases in pages: moto answers all of them at once.

Source: Limit, Marker, Truncated and NextMarker of API_ListKeys and API_ListAliases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.kms import aliases

_MOST_KEYS, _MOST_ALIASES = 100, 50

_moto_aliases = KmsResponse.list_aliases
_moto_keys = KmsResponse.list_keys


def install() -> None:
    moto_seams.replace(KmsResponse, list_aliases=_list_aliases, list_keys=_list_keys)


def _list_keys(self: KmsResponse) -> str:
    return _page(self, "Keys", json.loads(_moto_keys(self))["Keys"], _MOST_KEYS)


def _list_aliases(self: KmsResponse) -> str:
    made = {alias.alias_name: alias for alias in self.kms_backend.list_aliases()}
    found = [
        aliases.shown(made[each["AliasName"]]) if each["AliasName"] in made else each
        for each in json.loads(_moto_aliases(self))["Aliases"]
    ]
    return _page(self, "Aliases", found, _MOST_ALIASES)


def _page(response: KmsResponse, member: str, found: Sequence[Any], most: int) -> str:
    marker = response._get_param("Marker") or "0"
    if not (marker.isascii() and marker.isdecimal()):
        raise JsonRESTError("InvalidMarkerException", f"Could not deserialize {marker}.")
    start = int(marker)
    end = start + (response._get_param("Limit") or most)
    more = {"NextMarker": str(end)} if end < len(found) else {}
    return json.dumps({member: found[start:end], "Truncated": bool(more), **more})
