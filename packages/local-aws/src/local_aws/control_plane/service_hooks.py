"""What services do around the requests that name them: all that the endpoint knows of services.

service_connections.py has those of each service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from local_aws.control_plane.api_request import ApiRequest

Wait = Callable[[], None]

_NO_LOCK = nullcontext()


def _nothing(request: ApiRequest) -> None:  # noqa: ARG001 - a hook that does nothing
    return None


def _never(request: ApiRequest) -> bool:  # noqa: ARG001 - a hook that does nothing
    return False


def _no_wait() -> Wait | None:
    return None


@dataclass(frozen=True)
class ServiceHooks:
    """Hooks of one service; each default does nothing.

    `prepare` does what takes long, or looks at nothing but the request, without LOCK and before the
    request has its turn; `require` looks at a request that IAM allows, under LOCK and before moto
    has it; both may raise ApiError. `lock` is held besides LOCK while a request is answered;
    `needs_only_its_lock` are the requests that may be answered under it alone. `cuts_pages` are
    those whose answers come in pages of what passes the filters that moto knows. `after` is called
    under LOCK once a request is answered: what it returns is waited for, without a lock, before the
    client has its answer.
    """

    prepare: Callable[[ApiRequest], None] = _nothing
    require: Callable[[ApiRequest], None] = _nothing
    lock: AbstractContextManager[object] = _NO_LOCK
    needs_only_its_lock: Callable[[ApiRequest], bool] = _never
    cuts_pages: Callable[[ApiRequest], bool] = _never
    after: Callable[[], Wait | None] = _no_wait


_NONE = ServiceHooks()
Take = Callable[[ApiRequest], None]


@dataclass(frozen=True)
class Hooks:
    """Those of all services.

    `by_service` has them by the service's name in signatures. `presigned` has who takes, instead of
    moto, the requests whose path begins so: it is called under LOCK, verifies what the URL is
    signed with, and may raise ApiError; the answer is empty.
    """

    by_service: Mapping[str, ServiceHooks]
    presigned: Mapping[str, Take]

    def of(self, service: str) -> ServiceHooks:
        """A service's hooks; those that do nothing when it has none."""
        return self.by_service.get(service, _NONE)

    def taker(self, request: ApiRequest) -> Take | None:
        """Who takes a request to a URL that was handed out signed; None for every other one."""
        found = (take for prefix, take in self.presigned.items() if request.path.startswith(prefix))
        return next(found, None)
