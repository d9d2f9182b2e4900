"""Encrypt, Decrypt and ReEncrypt, and the data keys that are encrypted.

Source: API_Encrypt, API_Decrypt, API_ReEncrypt, API_GenerateDataKeyPair in the KMS API Reference;
RFC 8017, 7.1.1: how much an RSA key encrypts; answers of the real KMS as they have been recorded.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from moto.core.exceptions import JsonRESTError
from moto.kms.exceptions import InvalidCiphertextException, ValidationException
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.kms import key_states

SYMMETRIC = "SYMMETRIC_DEFAULT"
_RSA = re.compile(r"RSA_(\d+)")
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "RSAES_OAEP_SHA_1": hashes.SHA1(),  # noqa: S303 - AWS has it
    "RSAES_OAEP_SHA_256": hashes.SHA256(),
}
_CURVES: dict[str, ec.EllipticCurve] = {
    "ECC_NIST_P256": ec.SECP256R1(),
    "ECC_NIST_P384": ec.SECP384R1(),
    "ECC_NIST_P521": ec.SECP521R1(),
    "ECC_SECG_P256K1": ec.SECP256K1(),
}

_moto_decrypt = KmsBackend.decrypt
_moto_encrypt = KmsResponse.encrypt
_moto_random = KmsResponse.generate_random
_moto_re_encrypt = KmsResponse.re_encrypt


def install() -> None:
    moto_seams.replace(KmsBackend, decrypt=_decrypt)
    moto_seams.replace(
        KmsResponse,
        encrypt=_answer_encrypt,
        decrypt=_answer_decrypt,
        generate_random=_random,
        re_encrypt=_answer_re_encrypt,
    )
    moto_seams.add(
        KmsResponse,
        generate_data_key_pair=_data_key_pair,
        generate_data_key_pair_without_plaintext=_data_key_pair_alone,
    )


def _decrypt(
    self: KmsBackend,
    ciphertext_blob: bytes,
    encryption_context: dict[str, str],
    key_id: str | None = None,
) -> tuple[bytes, str]:
    """Raise unless the key is the one that it was encrypted with, and may be used now."""
    plaintext, arn = _moto_decrypt(self, ciphertext_blob, encryption_context)
    key = self.keys[arn]
    if key_id is not None and self.any_id_to_key_id(key_id) != key.id:
        raise JsonRESTError(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        )
    key_states.require("Decrypt", key)
    return plaintext, arn


def _answer_encrypt(self: KmsResponse) -> str:
    key_id, algorithm = self._get_param("KeyId"), self._get_param("EncryptionAlgorithm")
    algorithm = algorithm or SYMMETRIC
    self._validate_key_id(key_id)
    key = self.kms_backend.describe_key(key_id)
    key_states.require_algorithm(key, algorithm, key.encryption_algorithms)
    if algorithm == SYMMETRIC:
        return json.dumps({**json.loads(_moto_encrypt(self)), "EncryptionAlgorithm": algorithm})
    plaintext = self._get_param("Plaintext")
    _require_room(key, algorithm, len(plaintext))
    blob = _rsa_of(key).public_key().encrypt(plaintext, _padding(algorithm))
    return json.dumps(
        {
            "CiphertextBlob": base64.b64encode(blob).decode(),
            "EncryptionAlgorithm": algorithm,
            "KeyId": key.arn,
        }
    )


def _require_room(key: Key, algorithm: str, length: int) -> None:
    """Raise ValidationException for more than OAEP leaves of the modulus."""
    size = _RSA.fullmatch(str(key.key_spec))
    most = int(size[1]) // 8 - 2 * _HASHES[algorithm].digest_size - 2 if size else 0
    if length > most:
        raise ValidationException(
            f"Algorithm {algorithm} and key spec {key.key_spec} cannot encrypt data larger than "
            f"{most} bytes."
        )


def _answer_decrypt(self: KmsResponse) -> str:
    key_id, algorithm = self._get_param("KeyId"), self._get_param("EncryptionAlgorithm")
    blob, context = self._get_param("CiphertextBlob"), self._get_param("EncryptionContext", {})
    if key_id:
        self._validate_key_id(key_id)
    if algorithm in (None, SYMMETRIC):
        plaintext, arn = self.kms_backend.decrypt(blob, context, key_id)
    elif key_id is None:
        raise ValidationException(f"A KeyId must be given with the algorithm {algorithm}.")
    else:
        key = self.kms_backend.describe_key(key_id)
        key_states.require_algorithm(key, algorithm, key.encryption_algorithms)
        plaintext, arn = _rsa_decrypted(key, algorithm, blob), key.arn
    return json.dumps(
        {
            "EncryptionAlgorithm": algorithm or SYMMETRIC,
            "KeyId": arn,
            "Plaintext": base64.b64encode(plaintext).decode(),
        }
    )


def _rsa_decrypted(key: Key, algorithm: str, blob: bytes) -> bytes:
    try:
        plaintext: bytes = _rsa_of(key).decrypt(blob, _padding(algorithm))
    except ValueError:
        raise InvalidCiphertextException from None
    return plaintext


def _rsa_of(key: Key) -> rsa.RSAPrivateKey:
    made: Any = key.private_key
    private: rsa.RSAPrivateKey = made.private_key
    return private


def _padding(algorithm: str) -> padding.OAEP:
    algorithm_hash = _HASHES[algorithm]
    return padding.OAEP(padding.MGF1(algorithm_hash), algorithm_hash, None)


def _answer_re_encrypt(self: KmsResponse) -> str:
    algorithms = {
        "SourceEncryptionAlgorithm": SYMMETRIC,
        "DestinationEncryptionAlgorithm": SYMMETRIC,
    }
    return json.dumps({**json.loads(_moto_re_encrypt(self)), **algorithms})


def _data_key_pair(self: KmsResponse) -> str:
    """moto lacks it."""
    key_id, spec = self._get_param("KeyId"), str(self._get_param("KeyPairSpec"))
    self._validate_key_id(key_id)
    private = _pair(spec)
    plaintext = private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = self._get_param("EncryptionContext", {})
    blob, arn = self.kms_backend.encrypt(key_id, plaintext, context)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return json.dumps(
        {
            "KeyId": arn,
            "KeyPairSpec": spec,
            "PrivateKeyCiphertextBlob": base64.b64encode(blob).decode(),
            "PrivateKeyPlaintext": base64.b64encode(plaintext).decode(),
            "PublicKey": base64.b64encode(public).decode(),
        }
    )


def _pair(spec: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    size = _RSA.fullmatch(spec)
    if size:
        return rsa.generate_private_key(public_exponent=65537, key_size=int(size[1]))
    if spec not in _CURVES:
        raise ValidationException(f"The KeyPairSpec {spec} is not emulated by the local AWS.")
    return ec.generate_private_key(_CURVES[spec])


def _data_key_pair_alone(self: KmsResponse) -> str:
    answer = json.loads(_data_key_pair(self))
    del answer["PrivateKeyPlaintext"]
    return json.dumps(answer)


def _random(self: KmsResponse) -> str:
    if self._get_param("NumberOfBytes") is None:
        raise ValidationException("NumberOfBytes is required.")
    return _moto_random(self)
