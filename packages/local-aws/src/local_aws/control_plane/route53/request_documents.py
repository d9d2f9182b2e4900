"""Documents in Route 53's requests that its schema does not allow: AWS refuses them before it acts.

Source: "InvalidInput" in the errors of each action of the Route 53 API Reference; the words are
those that users reported of AWS, but for a body that is no XML.
"""

from __future__ import annotations

from local_aws.control_plane import api_operation, xml_documents
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest


def require_valid(request: ApiRequest) -> None:
    """Raise ApiError for a document that is missing, cut off, or not as the schema has it."""
    operation = api_operation.of(request) if request.changes_something else None
    shape = operation and xml_documents.document_of(operation)
    if shape is None:
        return
    root = xml_documents.root_of(request.body)
    problem = "the body is no document" if root is None else xml_documents.problem(shape, root)
    if problem:
        raise ApiError("400 Bad Request", "InvalidInput", f"Invalid XML ; {problem}")
