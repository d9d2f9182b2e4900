"""KMS: keys as they are made by default, named and shown, and requests that it refuses.

Source: answers of the real KMS as they have been recorded; API_CreateKey: KeyUsage, MultiRegion;
"Encrypt" in the KMS API Reference: how much an RSA key encrypts; API_RetireGrant: a grant is named
by its token, or by its id and its key; KeyId of API_DisableKey, API_EnableKey,
API_ScheduleKeyDeletion and API_CancelKeyDeletion: an id or an ARN; API_GetKeyRotationStatus: that
of a key pending deletion.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

from moto.kms.exceptions import NotFoundException, ValidationException
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams

_KEY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE)
_RSA = re.compile(r"RSA_(\d+)")
_HASH_BYTES = {"RSAES_OAEP_SHA_1": 20, "RSAES_OAEP_SHA_256": 32}

_moto_init = KmsBackend.__init__
_moto_create = KmsBackend.create_key
_signature = inspect.signature(_moto_create)
_moto_shown = Key.to_dict
_moto_encrypt = KmsResponse.encrypt
_moto_random = KmsResponse.generate_random
_moto_retire = KmsResponse.retire_grant


def install() -> None:
    moto_seams.replace(
        KmsBackend,
        __init__=_init,
        create_key=_create,
        get_key_rotation_status=_rotation_status,
    )
    moto_seams.replace(Key, to_dict=_shown)
    moto_seams.replace(
        KmsResponse,
        encrypt=_encrypt,
        generate_random=_random,
        retire_grant=_retire,
        cancel_key_deletion=_answer_with_arn(KmsResponse.cancel_key_deletion),
        schedule_key_deletion=_answer_with_arn(KmsResponse.schedule_key_deletion),
        _validate_cmk_id=_require_key,
    )


class Keys(dict[str, Key]):
    """A region's keys by id; moto looks up some by the ARN that a request gives."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(_id(name))

    def __missing__(self, name: str) -> Key:
        if _id(name) == name:
            raise KeyError(name)
        return self[_id(name)]


def _id(name: Any) -> str:
    return str(name).rpartition(":key/")[2]


def _init(self: KmsBackend, region_name: str, account_id: str) -> None:
    _moto_init(self, region_name, account_id)
    self.keys = Keys()


def _rotation_status(self: KmsBackend, key_id: str) -> bool:
    """It is false while the key is pending deletion, and as before once that is cancelled."""
    key = self.keys[key_id]
    return bool(key.key_rotation_status) and key.key_state != "PendingDeletion"


def _answer_with_arn(answered: Callable[[KmsResponse], str]) -> Callable[[KmsResponse], str]:
    """KeyId is the key's ARN in the answer; moto gives back what the request has."""

    def answer(self: KmsResponse) -> str:
        given = json.loads(answered(self))
        return json.dumps({**given, "KeyId": self.kms_backend.keys[given["KeyId"]].arn})

    return answer


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
