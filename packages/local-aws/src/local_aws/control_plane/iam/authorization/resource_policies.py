"""What a resource's own policy says of a signed request: a bucket's, a queue's, a key's.

AWS: "Policy evaluation logic" in the IAM User Guide: an explicit Deny wins over every Allow; within
an account, whom the policy itself allows needs no policy of its own. Keys are stricter ("Key
policies in AWS KMS" in the KMS Developer Guide): policies of the account's users and roles count
only where the key's policy lets the account decide. "Permissions boundaries for IAM entities": what
a policy gives to a user or a session itself, no boundary or session policy takes away by not
allowing it; of what it gives to a role, they do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.awslambda.policy import Policy as FunctionPolicy
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.iam.access_control import PermissionResult
from moto.kms.models import kms_backends
from moto.s3.models import FakeBucket, s3_backends
from moto.secretsmanager.models import FakeSecret, secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam.actions import s3_actions
from local_aws.control_plane.iam.authorization import principals
from local_aws.control_plane.iam.authorization.principals import Principal
from local_aws.control_plane.iam.policy_language import policies, policy_variables
from local_aws.control_plane.iam.policy_language.policies import Statement

Document = str | Mapping[str, Any] | None
Finder = Callable[[ApiRequest, str], Document]
"""`finder(request, arn)` returns the policy of the resource that a request is about."""


def install() -> None:
    """moto evaluates a bucket's policy without its conditions, for every caller."""
    moto_seams.replace(FakeBucket, get_permission=lambda *_: PermissionResult.NEUTRAL)
    moto_seams.replace(FunctionPolicy, principal_formatter=_principal_of_permission)


def _principal_of_permission(_: FunctionPolicy, given: str) -> str | dict[str, str]:
    """Lambda API Reference, "AddPermission": a service, an account, an ARN, or everyone."""
    if given == "*":
        return given
    if given.endswith(".amazonaws.com"):
        return {"Service": given}
    return {"AWS": f"arn:aws:iam::{given}:root" if given.isdigit() else given}


def may_deny_anybody(service: str) -> bool:
    """Whether resources of the service can have policies: these hold for administrators too."""
    return service in _FINDERS


def statements_of(request: ApiRequest, arn: str) -> list[Statement]:
    """What the policy of the resource says; nothing where it has none."""
    finder = _FINDERS.get(request.service)
    document = finder(request, arn) if finder else None
    return policies.statements_of(document) if document else []


def of_key_to_account(
    request: ApiRequest, arn: str, principal: Principal
) -> list[Statement] | None:
    """What a key's policy lets the policies of its account decide; None for everything else."""
    if request.service != "kms" or _of_key(request, arn) is None:
        return None
    return principals.allowed(statements_of(request, arn), principal, "account")


def _of_bucket(request: ApiRequest, _: str) -> Document:
    name, _key = s3_actions.target_of(request)
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(name)
    return bucket.policy.decode() if bucket and bucket.policy else None


def _of_queue(request: ApiRequest, arn: str) -> Document:
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][request.region].queues.get(arn.rpartition(":")[2])
    return queue.policy if queue else None


def _of_topic(request: ApiRequest, arn: str) -> Document:
    topic = sns_backends[DEFAULT_ACCOUNT_ID][request.region].topics.get(arn)
    return topic.policy if topic else None


def _of_secret(request: ApiRequest, arn: str) -> Document:
    secrets = secretsmanager_backends[DEFAULT_ACCOUNT_ID][request.region].secrets
    found = (secret for secret in secrets.values() if secret.arn == arn)
    return next((each.policy for each in found if isinstance(each, FakeSecret)), None)


def _of_function(request: ApiRequest, arn: str) -> Document:
    functions = lambda_backends[DEFAULT_ACCOUNT_ID][request.region].list_functions()
    for function in functions:
        if arn == function.function_arn or arn.startswith(f"{function.function_arn}:"):
            return {"Version": policy_variables.VERSION, "Statement": function.policy.statements}
    return None


def _of_table(request: ApiRequest, arn: str) -> Document:
    """An index is covered by its table's policy."""
    policies_of_tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][request.region].resource_policies
    found = policies_of_tables.get(arn.partition("/index/")[0])
    return found.policy_doc if found else None


def _of_key(request: ApiRequest, arn: str) -> Document:
    backend = kms_backends[DEFAULT_ACCOUNT_ID][request.region]
    kind, _, name = arn.rpartition(":")[2].partition("/")
    key_id = backend.get_key_id_from_alias(f"alias/{name}") if kind == "alias" else name
    key = backend.keys.get(key_id or "")
    return key.policy if key else None


_FINDERS: Mapping[str, Finder] = {
    "dynamodb": _of_table,
    "kms": _of_key,
    "lambda": _of_function,
    "s3": _of_bucket,
    "secretsmanager": _of_secret,
    "sns": _of_topic,
    "sqs": _of_queue,
}
