"""IAM: every request is signed, and held to the policies of whoever signed it.

    authentication.py   who makes this request?
    signatures.py       its signature: computed again with botocore
    callers.py          whose key it is: the administrator's, a user's, a session's
    temporary_keys.py   the keys of GetSessionToken and GetFederationToken
    unsigned_calls.py   the few calls that need no signature
    refusals.py         AWS's errors for all this, in each protocol
    enforcement.py      may the caller do it?
    request_arns.py     the ARNs of what a request touches
    s3_actions.py       the actions of S3's requests, which do not name theirs
    documents.py        policy documents within AWS's limits
    policies.py         evaluating policy documents
    conditions.py       their Condition blocks
    trust.py            who may assume a role

moto's own enforcement is not used: it knows the resource "*" only, no conditions in identity
policies, and one error shape.
"""

from __future__ import annotations

from moto.core.config import default_user_config

from local_aws.control_plane.iam import documents


def install() -> None:
    """AWS's managed policies exist in every account; moto leaves them out by default."""
    default_user_config.setdefault("iam", {})["load_aws_managed_policies"] = True
    documents.install()
