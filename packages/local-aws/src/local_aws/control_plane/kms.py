"""KMS: keys as they are made by default and shown, and requests that it refuses.

Source: answers of the real KMS as they have been recorded; API_CreateKey: KeyUsage, MultiRegion;
"Encrypt" in the KMS API Reference: how much an RSA key encrypts; API_RetireGrant: a grant is named
by its token, or by its id and its key.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from moto.kms.exceptions import NotFoundException, ValidationException
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams

_KEY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE)
_RSA = re.compile(r"RSA_(\d+)")
_HASH_BYTES = {"RSAES_OAEP_SHA_1": 20, "RSAES_OAEP_SHA_256": 32}

_moto_create = KmsBackend.create_key
_signature = inspect.signature(_moto_create)
_moto_shown = Key.to_dict
_moto_encrypt = KmsResponse.encrypt
_moto_random = KmsResponse.generate_random
_moto_retire = KmsResponse.retire_grant


def install() -> None:
    moto_seams.replace(KmsBackend, create_key=_create)
    moto_seams.replace(Key, to_dict=_shown)
    moto_seams.replace(
        KmsResponse,
        encrypt=_encrypt,
        generate_random=_random,
        retire_grant=_retire,
        _validate_cmk_id=_require_key,
    )


def _create(self: KmsBackend, *given: Any, **named: Any) -> Key:
    call = _signature.bind(self, *given, **named)
    call.arguments["key_usage"] = call.arguments.get("key_usage") or "ENCRYPT_DECRYPT"
    call.arguments["multi_region"] = bool(call.arguments.get("multi_region"))
    key: Key = _moto_create(*call.args, **call.kwargs)
    return key


def _shown(self: Key) -> dict[str, Any]:
    """A key has the algorithms of its usage only."""
    shown: dict[str, Any] = _moto_shown(self)
    metadata = shown["KeyMetadata"]
    for name in ("EncryptionAlgorithms", "SigningAlgorithms"):
        if not metadata[name]:
            del metadata[name]
    return shown


def _require_key(self: KmsResponse, key_id: str) -> None:
    """Raise NotFoundException unless an id or an ARN is of a key in this region."""
    if key_id.startswith("arn:") and ":key/" in key_id:
        region = key_id.split(":")[3]
        if region != self.region:
            raise NotFoundException(f"Invalid arn {region}")
    elif not _KEY_ID.fullmatch(key_id):
        raise NotFoundException(f"Invalid keyId '{key_id}'")
    if self.kms_backend.get_key_id(key_id) not in self.kms_backend.keys:
        raise NotFoundException(f"Key '{self._display_arn(key_id)}' does not exist")


def _encrypt(self: KmsResponse) -> str:
    key_id, algorithm = self._get_param("KeyId"), self._get_param("EncryptionAlgorithm")
    self._validate_key_id(key_id)
    spec = self.kms_backend.describe_key(self.kms_backend.any_id_to_key_id(key_id)).key_spec
    size = _RSA.fullmatch(str(spec))
    if size and algorithm in _HASH_BYTES:
        # RFC 8017, 7.1.1: what OAEP leaves of the modulus
        most = int(size[1]) // 8 - 2 * _HASH_BYTES[algorithm] - 2
        if len(self._get_param("Plaintext")) > most:
            raise ValidationException(
                f"Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than "
                f"{most} bytes."
            )
    return _moto_encrypt(self)


def _random(self: KmsResponse) -> str:
    if self._get_param("NumberOfBytes") is None:
        raise ValidationException("NumberOfBytes is required.")
    return _moto_random(self)


def _retire(self: KmsResponse) -> str:
    has_names = self._get_param("KeyId") and self._get_param("GrantId")
    if not has_names and not self._get_param("GrantToken"):
        raise ValidationException("Either a GrantToken, or a KeyId and a GrantId must be given.")
    return str(_moto_retire(self))
