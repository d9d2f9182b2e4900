"""The content of a document is a mapping: moto fails on a text or a number.

Source: API_CreateDocument in the Systems Manager API Reference: InvalidDocumentContent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from moto.ssm.exceptions import InvalidDocumentContent
from moto.ssm.models import Document

from local_aws.control_plane import moto_seams

_moto_init = Document.__init__


def install() -> None:
    moto_seams.replace(Document, __init__=_init)


def _init(self: Document, **named: Any) -> None:
    content = named["content"]
    try:
        given = yaml.safe_load(content) if isinstance(content, str) else content
    except (yaml.YAMLError, ValueError):  # the second of a date that there is not
        given = None
    if not isinstance(given, Mapping):
        raise InvalidDocumentContent("The content for the document is not valid.")
    _moto_init(self, **named)
