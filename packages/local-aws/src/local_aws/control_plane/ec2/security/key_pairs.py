"""Key pairs: an RSA key is found outside the lock; an ED25519 key has the fingerprint of OpenSSH;
and they are found by their ids.

Source: "Verify the fingerprint of your key pair" in the Amazon EC2 User Guide.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto.core.responses import ActionResult
from moto.ec2 import utils
from moto.ec2.exceptions import EC2ClientError, InvalidKeyPairFormatError
from moto.ec2.models import key_pairs
from moto.ec2.responses import EC2Response
from moto.ec2.utils import KeyDetails, random_rsa_key_pair

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest

_prepared = threading.local()
"""Each thread's RSA key pair that no EC2 key pair has taken yet, as `key`."""


_moto_describe = EC2Response.describe_key_pairs
_moto_fingerprint = utils.public_key_fingerprint


def install() -> None:
    """Let moto take the key that was prepared; on its own it generates one under the lock."""
    moto_seams.replace(key_pairs, random_rsa_key_pair=_take, public_key_fingerprint=_fingerprint)
    moto_seams.replace(utils, public_key_fingerprint=_fingerprint)
    moto_seams.replace(EC2Response, describe_key_pairs=_describe)
    moto_seams.replace(InvalidKeyPairFormatError, __init__=_no_public_key)


def _no_public_key(self: InvalidKeyPairFormatError) -> None:
    """EC2's error code InvalidKey.Format."""
    EC2ClientError.__init__(
        self, "InvalidKey.Format", "Key is not in valid OpenSSH public key format"
    )


def prepare_for(request: ApiRequest) -> None:
    """Make the key that the request will take, as `prepare` does."""
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


def _fingerprint(public_key: Any, hash_constructor: Callable[[bytes], Any]) -> str:
    if not isinstance(public_key, Ed25519PublicKey):
        return _moto_fingerprint(public_key, hash_constructor)
    _, encoded = public_key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()
    return base64.b64encode(hashlib.sha256(base64.b64decode(encoded)).digest()).decode()


def _describe(self: EC2Response) -> ActionResult:
    """moto does not look at the ids."""
    answer: Any = _moto_describe(self).result
    wanted = self._get_param("KeyPairIds", [])
    if wanted:
        known = {pair.id for pair in self.ec2_backend.key_pairs.values()}
        for key_pair_id in wanted:
            if key_pair_id not in known:
                raise EC2ClientError(
                    "InvalidKeyPair.NotFound", f"The key pair ID '{key_pair_id}' does not exist"
                )
        found = [pair for pair in answer["KeyPairs"] if pair.id in wanted]
        answer["KeyPairs"] = found
    return ActionResult(answer)
