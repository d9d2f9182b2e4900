"""Documents of Systems Manager."""

from __future__ import annotations

from typing import Any

import pytest
from signed_requests import refusal


@pytest.mark.parametrize("form", ["JSON", "YAML"])
@pytest.mark.parametrize(
    "content", ["0", "[]", '"any"', "null", "{", "{}", '{"schemaVersion": 2020-13-45}']
)
def test_a_documents_content_is_a_mapping(
    aws: Any, unique_name: str, content: str, form: str
) -> None:
    """API_CreateDocument, API_UpdateDocument: InvalidDocumentContent."""
    ssm = aws("ssm")
    asked = {"Name": unique_name, "Content": content, "DocumentFormat": form}
    assert refusal(ssm.create_document, **asked) == (400, "InvalidDocumentContent")

    good = '{"schemaVersion": "2.2", "mainSteps": []}'
    ssm.create_document(Name=unique_name, Content=good, DocumentType="Command")
    refused = refusal(ssm.update_document, **asked, DocumentVersion="$LATEST")
    ssm.delete_document(Name=unique_name)
    assert refused == (400, "InvalidDocumentContent")
