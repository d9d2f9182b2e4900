"""Templates that are too large for a request, or of nested stacks: in a bucket."""

from __future__ import annotations

from typing import Any

import pytest
from nested_stacks import StoreTemplate
from stack_driver import template_body


@pytest.fixture
def store_template(s3: Any, bucket: str) -> StoreTemplate:
    """Puts a template into S3; returns its URL at the local endpoint."""

    def put(template: dict[str, Any], key: str = "child") -> str:
        s3.put_object(Bucket=bucket, Key=key, Body=template_body(template))
        return f"{s3.meta.endpoint_url}/{bucket}/{key}"

    return put
