"""The resources that a request names by their ids: in the form of such ids, and there.

moto reports some of them in its own words, and along with a missing one those that exist.
Source: "Error codes" in the EC2 API Reference; the words are those of recorded answers, and of
errors that users reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ec2 import exceptions
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, ec2_backends

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest


@dataclass(frozen=True)
class _Kind:
    """`ids` are those that exist. `malformed` is the code for what has not the form of an id."""

    parameter: str
    missing: str
    words: str
    ids: Callable[[EC2Backend], Collection[str]]
    malformed: str = ""
    full_stop: str = ""
    expecting: str = ""

    def is_missing(self, ids: Iterable[str]) -> tuple[str, str]:
        """Code and message."""
        named = list(ids)
        kind, verb = (self.words, "does") if len(named) == 1 else (f"{self.words}s", "do")
        return self.missing, (f"The {kind} '{', '.join(named)}' {verb} not exist{self.full_stop}")


def _instances(backend: EC2Backend) -> set[str]:
    return {
        instance.id
        for reservation in backend.reservations.values()
        for instance in reservation.instances
    }


_KINDS: Mapping[str, _Kind] = {
    "i": _Kind(
        "InstanceId",
        "InvalidInstanceID.NotFound",
        "instance ID",
        _instances,
        "InvalidInstanceID.Malformed",
    ),
    "vol": _Kind(
        "VolumeId",
        "InvalidVolume.NotFound",
        "volume",
        lambda backend: backend.volumes,
        "InvalidVolumeID.Malformed",
        ".",
    ),
    "snap": _Kind(
        "SnapshotId",
        "InvalidSnapshot.NotFound",
        "snapshot",
        lambda backend: backend.snapshots,
        "InvalidSnapshotID.Malformed",
        ".",
    ),
    "sg": _Kind(
        "GroupId",
        "InvalidGroup.NotFound",
        "security group",
        lambda backend: set(chain.from_iterable(backend.groups.values())),
        "InvalidGroupId.Malformed",
        expecting=' (expecting "sg-...")',
    ),
    "vpc": _Kind("VpcId", "InvalidVpcID.NotFound", "vpc ID", lambda backend: backend.vpcs),
    "subnet": _Kind(
        "SubnetId",
        "InvalidSubnetID.NotFound",
        "subnet ID",
        lambda backend: set(chain.from_iterable(backend.subnets.values())),
    ),
    "igw": _Kind(
        "InternetGatewayId",
        "InvalidInternetGatewayID.NotFound",
        "internetGateway ID",
        lambda backend: backend.internet_gateways,
    ),
    "rtb": _Kind(
        "RouteTableId",
        "InvalidRouteTableID.NotFound",
        "routeTable ID",
        lambda backend: backend.route_tables,
    ),
    "eni": _Kind(
        "NetworkInterfaceId",
        "InvalidNetworkInterfaceID.NotFound",
        "networkInterface ID",
        lambda backend: backend.enis,
    ),
}
"""By the prefix of the ids."""
_MOTOS = {
    "vpc": exceptions.InvalidVPCIdError,
    "igw": exceptions.InvalidInternetGatewayIdError,
    "sg": exceptions.InvalidSecurityGroupNotFoundError,
    "vol": exceptions.InvalidVolumeIdError,
    "snap": exceptions.InvalidSnapshotIdError,
}
_moto_snapshot = EC2Backend.get_snapshot


def install() -> None:
    for prefix, error in _MOTOS.items():
        moto_seams.replace(error, __init__=_in_words_of(_KINDS[prefix]))
    moto_seams.replace(EC2Backend, get_snapshot=_snapshot)


def _in_words_of(kind: _Kind) -> Any:
    def is_missing(self: EC2ClientError, ids: str | Iterable[str] | None = None) -> None:
        named = [ids] if isinstance(ids, str) else ids or [""]
        EC2ClientError.__init__(self, *kind.is_missing(named))

    return is_missing


def _snapshot(self: EC2Backend, snapshot_id: str) -> Any:
    if snapshot_id not in self.snapshots:
        raise EC2ClientError(*_KINDS["snap"].is_missing([snapshot_id]))
    return _moto_snapshot(self, snapshot_id)


def require(request: ApiRequest) -> None:
    """Raise ApiError for an id of another form, and for lists with ids of nothing.

    Call it under LOCK.
    """
    backend = ec2_backends[DEFAULT_ACCOUNT_ID][request.region]
    for prefix, kind in _named(request):
        form = re.compile(rf"{prefix}-[0-9a-f]{{8,17}}")
        given = {
            name: str(value)
            for name, value in request.parameters.items()
            if name.partition(".")[0] == kind.parameter
        }
        for value in given.values() if kind.malformed else ():
            if not form.fullmatch(value):
                raise _refused(kind.malformed, f'Invalid id: "{value}"{kind.expecting}')
        listed = [value for name, value in given.items() if "." in name]
        there = kind.ids(backend) if listed else ()
        missing = [value for value in dict.fromkeys(listed) if value not in there]
        if missing:
            raise _refused(*kind.is_missing(missing))
    if request.action in ("CreateTags", "DeleteTags"):
        _require_tagged(request, backend)


def _named(request: ApiRequest) -> Iterator[tuple[str, _Kind]]:
    """The kinds whose parameter means them in this request: others have a GroupId, too."""
    for prefix, kind in _KINDS.items():
        if kind.parameter != "GroupId" or "SecurityGroup" in request.action:
            yield prefix, kind


def _require_tagged(request: ApiRequest, backend: EC2Backend) -> None:
    """API_CreateTags: what is tagged is there. moto knows whether some kinds are."""
    for name, value in request.parameters.items():
        prefix, _, rest = str(value).partition("-")
        if name.startswith("ResourceId.") and prefix in _KINDS:
            if not re.fullmatch(r"[0-9a-f]{8,17}", rest):
                raise _refused("InvalidID", f"The ID '{value}' is not valid")
            if value not in _KINDS[prefix].ids(backend):
                raise _refused(*_KINDS[prefix].is_missing([str(value)]))


def _refused(code: str, message: str) -> ApiError:
    return ApiError("400 Bad Request", code, message)
