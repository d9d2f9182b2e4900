"""The control plane's whole state as bytes, and back: moto's backends in use, stacks, change sets.

It is one pickle, so that what refers to each other still does afterwards. Loading a pickle can run
any code: only ever load a snapshot that this user's own local AWS has made.
"""

from __future__ import annotations

import io
import marshal
import pickle
import sys
import threading
from types import FunctionType
from typing import Any, get_args
from weakref import WeakValueDictionary

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from moto.core.base_backend import BackendDict
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.ssm.models import ParameterDict

from local_aws.control_plane.cloudformation import operations
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS
from local_aws.control_plane.cloudformation.outputs import evaluated_outputs
from local_aws.control_plane.cloudformation.stack import STACKS
from local_aws.control_plane.cloudformation.surroundings import evaluator_for
from local_aws.control_plane.elbv2 import load_balancers
from local_aws.errors import LocalAwsError

_RLOCK = type(threading.RLock())
_PRIVATE_KEYS = get_args(PrivateKeyTypes)


class SnapshotError(LocalAwsError):
    """The state cannot be saved now, or is none that can be loaded; the text says why."""


def dump() -> bytes:
    """The state as it is. Call it under LOCK.

    Raises SnapshotError while an operation runs on a stack, or when a service's state holds what
    cannot be written.
    """
    busy = [stack.name for stack in STACKS.all() if operations.running(stack)]
    if busy:
        raise SnapshotError(f"an operation runs on stack {busy[0]}; save when it is over")
    state: dict[str, Any] = {"stacks": STACKS, "change_sets": CHANGE_SETS, "backends": {}}
    for backends in BackendDict._instances:  # type: ignore[misc] # all of them: no type
        for account, region, backend in backends.iter_backends():
            if isinstance(backend, ResourceGroupsTaggingAPIBackend):
                backend._pages.clear()  # generators: whoever reads pages begins again
            state["backends"][_place(backends), account, region] = backend
    buffer = io.BytesIO()
    try:
        _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(state)
    except Exception as error:
        raise SnapshotError(f"moto's state cannot be saved: {error}") from error
    return buffer.getvalue()


def restore(data: bytes) -> list[str]:
    """Put a state in the place of the empty one, before the first request.

    Returns a line for each load balancer that could not keep its address. Raises SnapshotError.
    """
    try:
        state = _Unpickler(io.BytesIO(data)).load()
    except Exception as error:
        raise SnapshotError(f"the saved state cannot be read: {error}") from error
    for (place, account, region), backend in state["backends"].items():
        dict.__setitem__(_backends_at(place)[account], region, backend)
    STACKS.take_over(state["stacks"])
    CHANGE_SETS.take_over(state["change_sets"])
    moved = load_balancers.reclaim_addresses()
    if moved:
        _evaluate_outputs_again()
    return moved


def _evaluate_outputs_again() -> None:
    for stack in STACKS.all():
        if not stack.is_deleted and stack.outputs:
            stack.outputs = evaluated_outputs(evaluator_for(stack, stack.declaration))


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> Any:
        """moto's registries are referred to, not copied: each process has its own."""
        return _place(value) if isinstance(value, BackendDict) else None

    def reducer_override(self, value: Any) -> Any:
        """How to write what pickle cannot, and moto's objects hold nevertheless."""
        if isinstance(value, _RLOCK):
            return threading.RLock, ()
        if isinstance(value, WeakValueDictionary):
            return WeakValueDictionary, (dict(value),)
        if isinstance(value, ParameterDict):
            return (
                ParameterDict,
                (value.account_id, value.region_name),
                vars(value),
                None,
                _items(value),
            )
        if isinstance(value, FunctionType) and "<locals>" in value.__qualname__:
            if value.__closure__:
                raise pickle.PicklingError(f"{value.__qualname__} is a closure")
            return _function, (marshal.dumps(value.__code__), value.__module__)
        if isinstance(value, _PRIVATE_KEYS):
            return _private_key, (_der(value),)
        if isinstance(value, x509.Certificate):
            return _certificate, (value.public_bytes(serialization.Encoding.DER),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, place: Any) -> Any:
        return _backends_at(place)


def _items(values: dict[Any, Any]) -> Any:
    return iter(values.items())


def _function(code: bytes, module: str) -> FunctionType:
    return FunctionType(marshal.loads(code), vars(sys.modules[module]))  # noqa: S302 - as pickle: own files only


def _der(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _private_key(der: bytes) -> PrivateKeyTypes:
    return serialization.load_der_private_key(der, None)


def _certificate(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def _place(backends: BackendDict[Any]) -> tuple[str, str]:
    """Where moto keeps a service's backends: module and name."""
    module = backends.backend.__module__
    while module:
        for name, value in vars(sys.modules[module]).items():
            if value is backends:
                return module, name
        module = module.rpartition(".")[0]
    raise pickle.PicklingError(f"moto's backends of {backends.service_name} were not found")


def _backends_at(place: tuple[str, str]) -> BackendDict[Any]:
    module, name = place
    __import__(module)
    found: BackendDict[Any] = getattr(sys.modules[module], name)
    return found
