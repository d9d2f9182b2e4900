"""Entries of network ACLs keep the ICMP type and code that a request gives: moto looks for them
under another name.

Source: IcmpTypeCode in API_CreateNetworkAclEntry and API_ReplaceNetworkAclEntry in the EC2 API
Reference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.replace(
        EC2Response,
        create_network_acl_entry=_with_icmp(EC2Response.create_network_acl_entry),
        replace_network_acl_entry=_with_icmp(EC2Response.replace_network_acl_entry),
    )


def _with_icmp(moto_answer: Callable[[EC2Response], ActionResult]) -> Any:
    def answer(self: EC2Response) -> ActionResult:
        answered = moto_answer(self)
        given = self._get_param("IcmpTypeCode") or {}
        acl = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId"))
        entry = acl.network_acl_entries[-1]  # a replaced one moves to the end
        entry.icmp_code, entry.icmp_type = given.get("Code"), given.get("Type")
        return answered

    return answer
