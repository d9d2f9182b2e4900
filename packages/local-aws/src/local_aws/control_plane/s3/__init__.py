"""S3: who may be given what a bucket holds, as AWS decides it for buckets made since April 2023.

    new_buckets.py            what each new bucket has: encryption, no ACLs, no public access
    acl_requests.py           the ACL that a request gives
    access_control_lists.py   ACLs that a bucket does not take
    public_policies.py        policies that Block Public Access refuses
    bucket_settings.py        what a bucket's settings must say
    object_requests.py        what a request about an object must name
    selections.py             what a request for a part of its content must say
    object_parts.py           one part of an object that was uploaded in several

moto keeps all these settings, and gives none of them to a new bucket. What they leave of public
access that was given before is IAM's to say, when unsigned calls come.
"""

from __future__ import annotations

from local_aws.control_plane.s3 import (
    access_control_lists,
    bucket_settings,
    new_buckets,
    object_parts,
    object_requests,
    public_policies,
    selections,
)


def install() -> None:
    access_control_lists.install()
    new_buckets.install()
    bucket_settings.install()
    object_parts.install()
    object_requests.install()
    selections.install()
    public_policies.install()
