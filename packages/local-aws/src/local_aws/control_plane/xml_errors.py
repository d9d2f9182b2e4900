"""Errors in XML have one Message, as AWS's; moto adds its own `message` beside it.

Source: answers of AWS as they have been recorded, and "Common errors" of its API references.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from moto.core.serialize import BaseXMLSerializer

from local_aws.control_plane import moto_seams

_moto_serialize = BaseXMLSerializer._serialize_error_metadata


def install() -> None:
    moto_seams.replace(BaseXMLSerializer, _serialize_error_metadata=_serialize)


def _serialize(
    self: BaseXMLSerializer, serialized: MutableMapping[str, Any], error: Exception, shape: Any
) -> None:
    _moto_serialize(self, serialized, error, shape)
    if "Message" in serialized:
        serialized.pop("message", None)
