"""IAM: every request is signed, and held to the policies of whoever signed it.

    authentication.py      who makes this request?
    signatures.py          its signature: computed again with botocore
    form_signatures.py     of a browser's form: of the policy in it
    callers.py             whose key it is: the administrator's, a user's, a session's
    session_policies.py    what limits a role session: a policy, managed policies
    session_tags.py        the tags of a role session, and who may give them
    source_identities.py   who a role session is for: set once, kept in chains
    session_starts.py      when a role session began
    multi_factor.py        codes of users' MFA devices
    temporary_keys.py      the keys of GetSessionToken and GetFederationToken
    temporary_key_limits.py    what those may not call
    unsigned_calls.py      the few calls that need no signature
    refusals.py            AWS's errors for all this, in each protocol
    authorization_messages.py   why EC2 refused it, encoded
    enforcement.py         may the caller do it?
    identity_policies.py   what the policies of the role or user say of it
    resource_policies.py   what the own policy of a bucket, a queue ... says of it
    passed_roles.py        the roles that a request passes to a service
    questions.py           the actions on resources that a request needs to be allowed
    request_arns.py        the ARNs of what a request touches
    arn_templates.py       made of the templates that AWS publishes
    service_authorization.py   those: AWS's Service Authorization Reference
    full_arns.py           what requests name by something else than an ARN
    s3_actions.py          the actions of S3's requests, which have other names
    documents.py           policy documents within AWS's limits
    policies.py            evaluating policy documents
    policy_simulation.py   what policies say of actions that nobody takes
    condition_keys.py      a request's condition keys that all services know
    service_keys.py        those of single services, and which are not evaluated
    item_keys.py           those of DynamoDB's items
    object_tags.py         those of the tags of S3's objects
    request_tags.py        the tags that a request gives or takes
    resource_tags.py       the tags of what a request touches
    conditions.py          their Condition blocks
    policy_variables.py    ${aws:username} in them
    resource_patterns.py   * and ? in their resources
    principals.py          whom a resource's policy names
    known_principals.py    whom policies can name
    trust_documents.py     which trust policies a role may have
    bucket_policies.py     and a bucket
    trusted_ids.py         whom they name, by unique ids
    trust.py               who may assume a role
    instance_profiles.py   listed by path; their tags and roles
    service_linked_roles.py    those of a service's name
    roles.py               what an update of a role leaves alone; inline policies
    managed_policies.py    their versions, attachments and tags
    permissions_boundaries.py   managed policies that bound roles and users
    deletions.py           what has or is had by something else is not deleted
    login_profiles.py      users' passwords
    unique_ids.py          they begin with what they are of
    names.py               each is taken once
    quotas.py              of policies and groups
    reserved_tags.py       AWS's own
    user_names.py          a new name of a user
    access_keys.py         in which account and whose they are, and their last use
    mfa_devices.py         virtual ones
    server_certificates.py each name once
    identity_providers.py  of SAML and OpenID Connect
    service_credentials.py there are none of a user for single services
    answers.py             which members answers have
    pages.py               lists in pages
    error_words.py         errors in AWS's words

moto's own enforcement is not used: it knows the resource "*" only, no conditions in identity
policies, and one error shape.
"""

from __future__ import annotations

from moto.core.config import default_user_config

from local_aws.control_plane.iam import (
    access_keys,
    answers,
    bucket_policies,
    deletions,
    documents,
    error_words,
    identity_providers,
    instance_profiles,
    login_profiles,
    managed_policies,
    mfa_devices,
    names,
    pages,
    permissions_boundaries,
    policy_simulation,
    quotas,
    reserved_tags,
    resource_policies,
    roles,
    server_certificates,
    service_credentials,
    service_linked_roles,
    session_starts,
    trust_documents,
    unique_ids,
    user_names,
)


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
