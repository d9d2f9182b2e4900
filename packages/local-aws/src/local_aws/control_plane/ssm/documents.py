"""The content of a document is a mapping, and documents are listed in pages.

moto fails on a text or a number, and counts those of earlier pages without the request's filters.
Source: API_CreateDocument in the Systems Manager API Reference: InvalidDocumentContent;
API_ListDocuments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from moto.core.responses import ActionResult
from moto.ssm.exceptions import InvalidDocumentContent
from moto.ssm.models import Document
from moto.ssm.responses import SimpleSystemManagerResponse

from local_aws.control_plane import key_token, moto_seams

_ROWS = 10
"""Of a page whose size the request does not say."""
_EVERYTHING = 10**9
"""The size of a page for moto."""

_moto_init = Document.__init__


def install() -> None:
    moto_seams.replace(Document, __init__=_init)
    moto_seams.replace(SimpleSystemManagerResponse, list_documents=_list)


def _init(self: Document, **named: Any) -> None:
    content = named["content"]
    try:
        given = yaml.safe_load(content) if isinstance(content, str) else content
    except (yaml.YAMLError, ValueError):  # the second of a date that there is not
        given = None
    if not isinstance(given, Mapping):
        raise InvalidDocumentContent("The content for the document is not valid.")
    _moto_init(self, **named)


def _list(self: SimpleSystemManagerResponse) -> ActionResult:
    found, _ = self.ssm_backend.list_documents(
        self._get_param("DocumentFilterList"), self._get_param("Filters"), _EVERYTHING
    )
    page, more = key_token.page(
        "ListDocuments",
        found,
        lambda document: (document["Name"],),
        self._get_param("NextToken"),
        self._get_int_param("MaxResults") or _ROWS,
    )
    return ActionResult({"DocumentIdentifiers": page, "NextToken": more})
