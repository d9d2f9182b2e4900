"""AWS's global condition keys of a request; those of services are in service_keys.py.

AWS: "AWS global condition context keys" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.policy_language.conditions import Context
from local_aws.control_plane.iam.request_context import item_keys, request_tags, resource_tags
from local_aws.control_plane.iam.sessions.callers import Caller

EVALUATED = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:currenttime",
        "aws:epochtime",
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:principaltag",
        "aws:principaltype",
        "aws:referer",
        "aws:requestedregion",
        "aws:requesttag",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:resourceorgpaths",
        "aws:resourcetag",
        "aws:securetransport",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceidentity",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:tagkeys",
        "aws:tokenissuetime",
        "aws:useragent",
        "aws:userid",
        "aws:username",
        "aws:viaawsservice",
        "aws:vpcsourceip",
    }
)
"""Global keys, without the part behind a slash, that a request here lacks when it has no value:
nothing is called through another service, from a VPC endpoint or within an organization."""


def of_request(request: ApiRequest, caller: Caller, members: Mapping[str, Any]) -> Context:
    """All but those of the resource; names are in lower case. `members` are what it gives."""
    now = datetime.now(UTC)
    keys = {
        "aws:CurrentTime": now.isoformat(),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:PrincipalAccount": caller.account_id,
        # A session's is its role's.
        "aws:PrincipalArn": caller.identity.arn if caller.identity else caller.arn,
        "aws:PrincipalType": caller.kind,
        "aws:RequestedRegion": request.region,
        "aws:ResourceAccount": caller.account_id,  # there is only one here
        "aws:SecureTransport": "true",  # on AWS the same call goes over TLS
        "aws:SourceIp": "127.0.0.1",
        "aws:UserAgent": request.headers.get("user-agent", ""),
        "aws:PrincipalIsAWSService": "false",
        "aws:userid": caller.user_id,
        "aws:ViaAWSService": "false",
    }
    if "referer" in request.headers:
        keys["aws:Referer"] = request.headers["referer"]
    if caller.source_identity:
        keys["aws:SourceIdentity"] = caller.source_identity
    if caller.issued_at:
        keys["aws:TokenIssueTime"] = caller.issued_at.isoformat()
    if caller.issued_at or caller.mfa_at:  # requests with long-term keys alone lack it
        keys["aws:MultiFactorAuthPresent"] = "true" if caller.mfa_at else "false"
    if caller.mfa_at:
        keys["aws:MultiFactorAuthAge"] = str(int((now - caller.mfa_at).total_seconds()))
    if caller.kind == "User" and caller.identity:
        keys["aws:username"] = caller.identity.name
    identity_tags = resource_tags.of_identity(caller.identity) if caller.identity else {}
    for principal_tags in (identity_tags, caller.session_tags):
        keys |= {f"aws:PrincipalTag/{name}": value for name, value in principal_tags.items()}
    keys |= {
        f"aws:RequestTag/{name}": value for name, value in request_tags.of_members(members).items()
    }
    context = {name.lower(): [value] for name, value in keys.items()}
    if tag_keys := request_tags.keys_of_members(members):
        context["aws:tagkeys"] = tag_keys
    if request.service == "dynamodb":
        context |= item_keys.of_request(request, caller.account_id)
    return context


def of_resource(arn: str, account_id: str) -> Context:
    """Those of one resource that the request touches: its tags."""
    tags = resource_tags.of_resource(arn, account_id)
    return {f"aws:resourcetag/{name}".lower(): [value] for name, value in tags.items()}
