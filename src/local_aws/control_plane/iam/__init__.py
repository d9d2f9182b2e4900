"""IAM: role sessions are held to their policies; administrators' keys are not.

    enforcement.py   is this request's role session allowed to do it?
    sessions.py      the role session that signed a request: valid, expired, forged
    request_arns.py  the ARNs of what a request touches
    s3_actions.py    the actions of S3's requests, which do not name theirs
    documents.py     policy documents within AWS's limits
    policies.py      evaluating policy documents
    conditions.py    their Condition blocks
    trust.py         who may assume a role

moto's own enforcement is not used: it knows the resource "*" only, no conditions in identity
policies, and one error shape.
"""

from __future__ import annotations

from moto.core.config import default_user_config

from local_aws.control_plane.iam import documents


def install() -> None:
    """AWS's managed policies exist in every account; moto leaves them out unless told."""
    default_user_config.setdefault("iam", {})["load_aws_managed_policies"] = True
    documents.install()
