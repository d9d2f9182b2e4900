"""IAM: every request is signed, and held to the policies of whoever signed it.

    signed_requests/   who makes this request? Its signature says so
    authorization/     may the caller do it?
    request_context/   the condition keys of a request
    policy_documents/  which policy documents can be put
    actions/           the actions that a request needs, and the ARNs of what it touches
    identities/        users, roles and their credentials, managed policies, providers
    api/               what all requests and answers have in common
    sessions/          whose key it is; role sessions and temporary keys
    policy_language/   what policy documents mean
    refusals.py        AWS's errors for requests that are not allowed, in each protocol

moto's own enforcement is not used: it knows the resource "*" only, no conditions in identity
policies, and one error shape.
"""

from __future__ import annotations

from moto.core.config import default_user_config

from local_aws.control_plane.iam.api import (
    answers,
    error_words,
    names,
    pages,
    quotas,
    reserved_tags,
    unique_ids,
)
from local_aws.control_plane.iam.authorization import policy_simulation, resource_policies
from local_aws.control_plane.iam.identities import (
    access_keys,
    deletions,
    identity_providers,
    instance_profiles,
    login_profiles,
    managed_policies,
    mfa_devices,
    permissions_boundaries,
    roles,
    server_certificates,
    service_credentials,
    service_linked_roles,
    user_names,
)
from local_aws.control_plane.iam.policy_documents import bucket_policies, documents, trust_documents
from local_aws.control_plane.iam.sessions import session_starts


def install() -> None:
    """AWS's managed policies exist in every account; moto leaves them out by default."""
    default_user_config.setdefault("iam", {})["load_aws_managed_policies"] = True
    for correction in (
        error_words,
        resource_policies,
        bucket_policies,
        managed_policies,
        documents,
        trust_documents,
        instance_profiles,
        roles,
        permissions_boundaries,
        policy_simulation,
        deletions,
        login_profiles,
        user_names,
        unique_ids,
        access_keys,
        mfa_devices,
        server_certificates,
        identity_providers,
        service_credentials,
        service_linked_roles,
        session_starts,
        names,
        quotas,
        reserved_tags,
        answers,
        pages,
    ):
        correction.install()
