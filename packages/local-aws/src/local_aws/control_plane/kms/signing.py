"""Sign and Verify, of messages and of their digests, and message authentication codes.

Source: API_Sign, API_Verify, API_GenerateMac, API_VerifyMac in the KMS API Reference; "RSASSA-PSS"
in the KMS Developer Guide: as long a salt as the digest; answers of the real KMS as recorded.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core.exceptions import JsonRESTError
from moto.kms.exceptions import ValidationException
from moto.kms.models import Key
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.kms import key_states

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
_MAC_SPEC = "HMAC_"

_moto_generate_mac = KmsResponse.generate_mac
_moto_verify_mac = KmsResponse.verify_mac


def install() -> None:
    moto_seams.replace(
        KmsResponse,
        generate_mac=_generate_mac,
        sign=_sign,
        verify=_verify,
        verify_mac=_verify_mac,
    )


def mac_algorithms(key: Key) -> list[str]:
    """Those of a key for message authentication codes; none of another one."""
    if not str(key.key_spec).startswith(_MAC_SPEC):
        return []
    return [f"HMAC_SHA_{str(key.key_spec).removeprefix(_MAC_SPEC)}"]


def _sign(self: KmsResponse) -> str:
    key, algorithm = _key_for(self)
    private, arguments = _scheme(key, algorithm, is_digest=_is_digest(self))
    signature = private.sign(_message(self, algorithm), *arguments)
    return _answer(key, algorithm, Signature=base64.b64encode(signature).decode())


def _verify(self: KmsResponse) -> str:
    key, algorithm = _key_for(self)
    private, arguments = _scheme(key, algorithm, is_digest=_is_digest(self))
    signature, message = self._get_param("Signature"), _message(self, algorithm)
    if isinstance(signature, str):
        signature = base64.b64decode(signature)
    try:
        private.public_key().verify(signature, message, *arguments)
    except InvalidSignature:
        raise JsonRESTError("KMSInvalidSignatureException", "") from None
    return _answer(key, algorithm, SignatureValid=True)


def _key_for(response: KmsResponse) -> tuple[Key, str]:
    key_id, algorithm = response._get_param("KeyId"), response._get_param("SigningAlgorithm")
    response._validate_key_id(key_id)
    key = response.kms_backend.describe_key(key_id)
    key_states.require_algorithm(key, algorithm, key.signing_algorithms)
    return key, str(algorithm)


def _is_digest(response: KmsResponse) -> bool:
    kind = response._get_param("MessageType") or "RAW"
    if kind not in ("RAW", "DIGEST"):
        raise ValidationException(f"The MessageType {kind} is not emulated by the local AWS.")
    return bool(kind == "DIGEST")


def _message(response: KmsResponse, algorithm: str) -> bytes:
    given = response._get_param("Message")
    message = given.encode() if isinstance(given, str) else bytes(given)
    if _is_digest(response) and len(message) != _HASHES[algorithm[-3:]].digest_size:
        raise ValidationException(f"Digest is invalid length for algorithm {algorithm}.")
    return message


def _scheme(key: Key, algorithm: str, *, is_digest: bool) -> tuple[Any, tuple[Any, ...]]:
    """The private key, and what it signs and verifies with besides the message."""
    made: Any = key.private_key
    plain = _HASHES[algorithm[-3:]]
    hashed = Prehashed(plain) if is_digest else plain
    if algorithm.startswith("ECDSA"):
        return made.private_key, (ec.ECDSA(hashed),)
    if "_PSS_" in algorithm:
        salted = padding.PSS(padding.MGF1(plain), padding.PSS.DIGEST_LENGTH)
        return made.private_key, (salted, hashed)
    return made.private_key, (padding.PKCS1v15(), hashed)


def _answer(key: Key, algorithm: str, **members: Any) -> str:
    return json.dumps({"KeyId": key.arn, "SigningAlgorithm": algorithm, **members})


def _generate_mac(self: KmsResponse) -> str:
    return _with_arn(_require_mac(self), _moto_generate_mac(self))


def _verify_mac(self: KmsResponse) -> str:
    return _with_arn(_require_mac(self), _moto_verify_mac(self))


def _require_mac(response: KmsResponse) -> Key:
    key_id, algorithm = response._get_param("KeyId"), response._get_param("MacAlgorithm")
    response._validate_key_id(key_id)
    key = response.kms_backend.describe_key(key_id)
    key_states.require_algorithm(key, algorithm, mac_algorithms(key))
    return key


def _with_arn(key: Key, answer: str) -> str:
    return json.dumps({**json.loads(answer), "KeyId": key.arn})
