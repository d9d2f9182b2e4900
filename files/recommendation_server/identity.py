"""Who this instance is, from its metadata service (IMDSv2).

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

import urllib3

from recommendation_server.log import Change, event
from recommendation_server.state_file import StateFile

UNKNOWN = "unknown"
_PLAUSIBLE = re.compile(r"[a-z0-9-]{1,64}")
_PATHS = {
    "instance_id": "instance-id",
    "availability_zone": "placement/availability-zone",
    "region": "placement/region",
}


@dataclass(frozen=True)
class Identity:
    instance_id: str = UNKNOWN
    availability_zone: str = UNKNOWN
    region: str = UNKNOWN


class InstanceIdentity:
    """`current` is the best known: the metadata service's answer, or a previous boot's."""

    def __init__(self, metadata_endpoint: str, file: StateFile) -> None:
        self._endpoint = metadata_endpoint
        self._file = file
        self._change = Change("instance metadata")
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=0.5, read=0.5), retries=False
        )
        self._confirmed = False
        known = {name: value for name, value in file.read().items() if _plausible(value)}
        self.current = Identity(**{name: known[name] for name in _PATHS if name in known})

    def refresh(self) -> None:
        """Asks until the metadata service has answered once; an instance never changes."""
        if self._confirmed:
            return
        try:
            self.current = self._ask()
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            self._change.now(type(error).__name__)
            return
        self._confirmed = True
        self._change.now(None)
        self._file.write(asdict(self.current))
        event("identity", **asdict(self.current))

    def _ask(self) -> Identity:
        token = self._request(
            "PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        )
        headers = {"X-aws-ec2-metadata-token": token}
        found = {
            name: self._request("GET", f"/latest/meta-data/{path}", headers)
            for name, path in _PATHS.items()
        }
        if not all(map(_plausible, found.values())):
            raise ValueError("implausible metadata")
        return Identity(**found)

    def _request(self, method: str, path: str, headers: dict[str, str]) -> str:
        response = self._http.request(method, self._endpoint + path, headers=headers)
        if response.status != 200:
            raise ValueError(f"{path} answered {response.status}")
        return response.data.decode("ascii")


def _plausible(value: str) -> bool:
    return _PLAUSIBLE.fullmatch(value) is not None
