"""Network ACL associations and key pairs that do not exist, in AWS's words.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

from collections.abc import Iterable

from moto.ec2.exceptions import EC2ClientError, InvalidKeyPairNameError
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAclAssociation

from local_aws.control_plane import moto_seams

_moto_replace_association = EC2Backend.replace_network_acl_association


def install() -> None:
    moto_seams.replace(EC2Backend, replace_network_acl_association=_replace_network_acl_association)
    moto_seams.replace(InvalidKeyPairNameError, __init__=_no_key_pair)


def _replace_network_acl_association(
    self: EC2Backend, association_id: str, network_acl_id: str
) -> NetworkAclAssociation:
    if not any(association_id in acl._associations for acl in self.network_acls.values()):
        raise EC2ClientError(
            "InvalidAssociationID.NotFound",
            f"The association ID '{association_id}' does not exist",
        )
    return _moto_replace_association(self, association_id, network_acl_id)


def _no_key_pair(self: InvalidKeyPairNameError, key: str | Iterable[str]) -> None:
    name = key if isinstance(key, str) else ", ".join(sorted(key))
    EC2ClientError.__init__(
        self, "InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist"
    )
