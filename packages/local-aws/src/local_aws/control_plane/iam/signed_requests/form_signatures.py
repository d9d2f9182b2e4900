"""The signature of a form: its sender has signed the policy that says what may be uploaded.

Sources: "Authenticating requests in browser-based uploads using POST (AWS Signature Version 4)" in
the S3 API Reference; the fields of version 2, which boto3 uses by default in us-east-1.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from local_aws.control_plane import post_form
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import refusals

_CREDENTIAL = re.compile(r"(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/s3/aws4_request")
_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class FormSignature:
    """`scope` is the date and the region of version 4; None of version 2."""

    access_key_id: str
    session_token: str
    policy: str
    value: str
    scope: tuple[str, str] | None

    def require_secret(self, request: ApiRequest, secret_access_key: str) -> None:
        """Raise ApiError unless the policy was signed with this secret."""
        if not hmac.compare_digest(self._right(secret_access_key), self.value):
            raise refusals.wrong_signature(request)

    def _right(self, secret: str) -> str:
        policy = self.policy.encode()
        if self.scope is None:
            return base64.b64encode(hmac.digest(secret.encode(), policy, hashlib.sha1)).decode()
        key = f"AWS4{secret}".encode()
        for part in (*self.scope, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), hashlib.sha256)
        return hmac.digest(key, policy, hashlib.sha256).hex()


def read(request: ApiRequest) -> FormSignature | None:
    """None for what is no signed form. Raises ApiError for one that is signed in another way."""
    form = post_form.read(request)
    if form is None or form.policy is None:
        return None
    fields = form.fields
    token = fields.get("x-amz-security-token", "")
    if "awsaccesskeyid" in fields:
        value = fields.get("signature", "")
        return FormSignature(fields["awsaccesskeyid"], token, form.policy, value, None)
    credential = _CREDENTIAL.fullmatch(fields.get("x-amz-credential", ""))
    if credential is None or fields.get("x-amz-algorithm") != _ALGORITHM:
        raise refusals.access_denied("Access Denied")
    scope = credential["date"], credential["region"]
    value = fields.get("x-amz-signature", "")
    return FormSignature(credential["key"], token, form.policy, value, scope)
