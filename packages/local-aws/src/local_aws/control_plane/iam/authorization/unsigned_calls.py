"""The calls that AWS takes unsigned, of those that moto knows, and what they need instead.

STS: "AssumeRoleWithSAML" and "AssumeRoleWithWebIdentity" in its API reference: called without
credentials; the role's trust policy must name the identity provider. The local AWS cannot verify
what the provider has signed.
Cognito: "List of API operations grouped by authorization model" in the Amazon Cognito Developer
Guide; botocore's models mark them with the authentication type "none".
S3: "Access policy language overview" and "Access control list (ACL) overview" in the S3 User Guide:
anonymous reads, where the bucket's policy or an ACL allows them to everyone.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import refusals
from local_aws.control_plane.iam.actions import s3_actions
from local_aws.control_plane.iam.authorization import principals, trust
from local_aws.control_plane.iam.policy_language import policies
from local_aws.control_plane.iam.policy_language.conditions import Context
from local_aws.control_plane.iam.request_context import condition_keys, object_tags, service_keys
from local_aws.control_plane.iam.sessions.callers import ANONYMOUS

_FEDERATION = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
COGNITO: Mapping[str, frozenset[str]] = {
    "AWSCognitoIdentityService": frozenset(
        {"GetCredentialsForIdentity", "GetId", "GetOpenIdToken", "UnlinkIdentity"}
    ),
    "AWSCognitoIdentityProviderService": frozenset(
        {
            "AssociateSoftwareToken",
            "ChangePassword",
            "ConfirmDevice",
            "ConfirmForgotPassword",
            "ConfirmSignUp",
            "DeleteUser",
            "DeleteUserAttributes",
            "ForgetDevice",
            "ForgotPassword",
            "GetDevice",
            "GetTokensFromRefreshToken",
            "GetUser",
            "GetUserAttributeVerificationCode",
            "GlobalSignOut",
            "InitiateAuth",
            "ListDevices",
            "ResendConfirmationCode",
            "RespondToAuthChallenge",
            "RevokeToken",
            "SetUserMFAPreference",
            "SetUserSettings",
            "SignUp",
            "UpdateAuthEventFeedback",
            "UpdateDeviceStatus",
            "UpdateUserAttributes",
            "VerifySoftwareToken",
            "VerifyUserAttribute",
        }
    ),
}
"""Actions by the first part of X-Amz-Target."""
_POOLS_KEYS = ("/.well-known/jwks.json", "/.well-known/openid-configuration")
"""How a Cognito user pool's tokens are verified: public by their nature."""


def is_one(request: ApiRequest) -> bool:
    """Whether AWS takes the call unsigned; whether it is allowed says `authorize`."""
    if request.is_json:
        target = request.headers["x-amz-target"].partition(".")[0]
        return request.action in COGNITO.get(target, ())
    if request.action:
        return request.action in _FEDERATION
    return request.method in ("GET", "HEAD") and request.service == "s3"


def authorize(request: ApiRequest) -> None:
    """Raise ApiError unless everyone may make it. Call it under LOCK."""
    if request.action in _FEDERATION:
        _require_federation(request)
    elif not request.is_json and not request.path.endswith(_POOLS_KEYS):
        _require_public(request)


def _require_federation(request: ApiRequest) -> None:
    provider, context = _vouching(request)
    role_arn = str(request.parameters.get("RoleArn", ""))
    roles = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values()
    role = next((role for role in roles if role.arn == role_arn), None)
    if role is None or not trust.allows_federation(
        role.assume_role_policy_document, f"sts:{request.action}", provider, context
    ):
        raise refusals.access_denied(f"Not authorized to perform sts:{request.action}")


def _vouching(request: ApiRequest) -> tuple[str, Context]:
    """The identity provider, as trust policies name it, and what it says, as condition keys."""
    if request.action == "AssumeRoleWithSAML":
        context = {"saml:aud": ["https://signin.aws.amazon.com/saml"]}
        return str(request.parameters.get("PrincipalArn", "")), context
    claims = _claims(str(request.parameters.get("WebIdentityToken", "")))
    given = request.parameters.get("ProviderId")
    if claims is None and not given:  # other providers' tokens are of OAuth 2.0
        raise ApiError(
            "400 Bad Request",
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. "
            "(You may see this error if you sent an Access Token)",
        )
    claims = claims or {}
    issuer = str(claims.get("iss", "")).removeprefix("https://")
    names = {f"{issuer}:{name}".lower(): [str(claims[name])] for name in claims}
    return given or f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:oidc-provider/{issuer}", names


def _claims(token: str) -> Mapping[str, Any] | None:
    """What a JSON Web Token says; None when it is none."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _require_public(request: ApiRequest) -> None:
    name, key = s3_actions.target_of(request)
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(name)
    action = s3_actions.action_of(request)
    if bucket is None:
        if name:
            raise ApiError("404 Not Found", "NoSuchBucket", "The specified bucket does not exist")
        raise refusals.unsigned(request)
    statements = policies.statements_of((bucket.policy or b"{}").decode())
    about = principals.denied(statements, principals.ANYBODY)
    about += principals.allowed(statements, principals.ANYBODY, "itself")
    arn = f"arn:aws:s3:::{name}/{key}" if key else f"arn:aws:s3:::{name}"
    version = request.url_parameters.get("versionId")
    documented = service_keys.documented(f"s3:{action}")
    context = {
        **condition_keys.of_request(request, ANONYMOUS, {}),
        **object_tags.of_question(request, arn, version, documented),
    }
    effect = policies.effect(about, f"s3:{action}", arn, context)
    blocked = bucket.public_access_block
    if blocked and blocked.restrict_public_buckets and effect == "Allow":
        effect = None
    acl = {"GetObject": getattr(bucket.keys.get(key), "acl", None), "ListBucket": bucket.acl}
    readable = acl.get(action)
    if blocked and blocked.ignore_public_acls:
        readable = None
    if effect == "Deny" or not (effect == "Allow" or (readable and readable.public_read)):
        raise refusals.unsigned(request)
