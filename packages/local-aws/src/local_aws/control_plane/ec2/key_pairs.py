"""Key pairs: an RSA key takes a while to find, and nothing else has to wait for it meanwhile."""

from __future__ import annotations

import threading

from moto.ec2.models import key_pairs
from moto.ec2.utils import KeyDetails, random_rsa_key_pair

from local_aws.control_plane import moto_seams, service_hooks
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.service_hooks import ServiceHooks

_prepared = threading.local()
"""Each thread's RSA key pair that no EC2 key pair has taken yet, as `key`."""


def install() -> None:
    """Let moto take the key that was prepared; it makes one itself, under the lock."""
    moto_seams.replace(key_pairs, random_rsa_key_pair=_take)
    service_hooks.register("ec2", ServiceHooks(prepare=_prepare_for))


def _prepare_for(request: ApiRequest) -> None:
    if request.action == "CreateKeyPair":
        prepare()


def prepare() -> None:
    """Make the RSA key for this thread's next key pair. Call it without LOCK: up to seconds."""
    if getattr(_prepared, "key", None) is None:
        _prepared.key = random_rsa_key_pair()


def _take() -> KeyDetails:
    prepare()
    key: KeyDetails = _prepared.key
    _prepared.key = None
    return key
