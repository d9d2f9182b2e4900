"""Who this instance is, from its metadata service (IMDSv2).

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
"""

import re
from http.client import HTTPException

from . import config
from .exchange import Exchanges, Reply, Request
from .log import Condition, event
from .state_file import StateFile

UNKNOWN = "unknown"
_CONNECT_SECONDS = 0.1
_READ_SECONDS = 0.5
_PATHS = {
    "instance_id": "instance-id",
    "availability_zone": "placement/availability-zone",
    "region": "placement/region",
}


class Identity:
    """`known` has the three of `_PATHS`: from the metadata service, a previous boot, or unknown."""

    role_status: int | None = None  # as ask_for_role gives it

    def __init__(self) -> None:
        self._file = StateFile("identity.json")
        self._condition = Condition("instance metadata")
        self._exchanges = Exchanges(_CONNECT_SECONDS, _READ_SECONDS)
        self._confirmed = False
        self.known = dict.fromkeys(_PATHS, UNKNOWN) | _plausible(self._file.read())

    def refresh(self) -> None:
        """Asks until the metadata service has answered once: an instance never changes."""
        if self._confirmed:
            return
        try:
            headers = {"X-aws-ec2-metadata-token": self._token()}
            found = {
                name: self._ask("GET", f"meta-data/{path}", headers)
                for name, path in _PATHS.items()
            }
        except (OSError, HTTPException, ValueError) as error:
            self._condition.is_now(type(error).__name__)
            return
        self._confirmed = found == _plausible(found)
        self._condition.is_now(None if self._confirmed else "ImplausibleMetadata")
        if self._confirmed:
            self.known = found
            self._file.write(found)
            event("identity", found)

    def ask_for_role(self) -> int | None:
        """How the metadata service answers: 404 when the instance has no role, None not at all."""
        try:
            headers = {"X-aws-ec2-metadata-token": self._token()}
            return self._request("GET", "meta-data/iam/security-credentials/", headers).status
        except (OSError, HTTPException, ValueError):
            return None

    def _token(self) -> str:
        return self._ask("PUT", "api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> str:
        response = self._request(method, path, headers)
        if response.status != 200:
            raise ValueError(response.status)
        return response.body.decode("ascii")

    def _request(self, method: str, path: str, headers: dict[str, str]) -> Reply:
        url = f"{config.METADATA_ENDPOINT}/latest/{path}"
        return self._exchanges.exchange(Request(method, url, headers))


def _plausible(found: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in found.items()
        if name in _PATHS and re.fullmatch(r"[a-z0-9-]{1,64}", value)
    }
