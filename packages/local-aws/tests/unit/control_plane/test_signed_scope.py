"""A signature counts only for the key, the region and the service that it was made for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.signed_requests import authentication

_KEY = AccessKey("AKIAADMINISTRATOR000", "secret")


def _request() -> ApiRequest:
    now = datetime.now(UTC)
    scope = f"{_KEY.access_key_id}/{now:%Y%m%d}/us-east-1/sts/aws4_request"
    headers = {
        "authorization": (
            f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}"
        ),
        "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
        "host": "localhost",
    }
    return ApiRequest(
        method="POST",
        path="/",
        query="",
        fields=tuple(headers.items()),
        headers=headers,
        body=b"",
        service="sts",
        region="us-east-1",
        access_key_id=_KEY.access_key_id,
        action="GetSessionToken",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "SignatureDoesNotMatch"),
        ({"access_key_id": "UNKNOWNKEY"}, "IncompleteSignature"),
        ({"region": "eu-west-1"}, "IncompleteSignature"),
        ({"service": "iam"}, "IncompleteSignature"),
    ],
)
def test_the_request_is_answered_for_what_is_verified(changes: dict[str, str], code: str) -> None:
    request = replace(_request(), **changes)

    with pytest.raises(ApiError) as refused:
        authentication.caller_of(request, _KEY, lambda: False)

    assert refused.value.code == code
