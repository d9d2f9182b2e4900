"""Secure strings: KMS encrypts them; without WithDecryption a request gets the ciphertext.

Source: "How AWS Systems Manager Parameter Store uses AWS KMS" in the KMS Developer Guide: the
encryption context PARAMETER_ARN; API_PutParameter: KeyId, InvalidKeyId; API_GetParameter:
WithDecryption. A value of the advanced tier is encrypted under a data key.
"""

from __future__ import annotations

import base64
import os
import uuid
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, kms_backends
from moto.ssm.exceptions import SSMException
from moto.ssm.models import Parameter, SimpleSystemManagerBackend
from moto.ssm.utils import parameter_arn

from local_aws.control_plane import moto_seams
from local_aws.control_plane.kms import key_states

_DEFAULT_KEY = "alias/aws/ssm"
_NONCE_BYTES = 12


@dataclass
class _Encrypted:
    """The key that encrypted a value, by account, region and id, and the ciphertext in base64."""

    account_id: str = ""
    region: str = ""
    key_id: str = ""
    ciphertext: str = ""


def require_key(backend: SimpleSystemManagerBackend, name: str | None) -> Key:
    """The key that a request names by id, ARN or alias. Raises InvalidKeyId."""
    return _usable(backend.account_id, backend.region_name, name or _DEFAULT_KEY)


def encrypt(backend: SimpleSystemManagerBackend, parameter: Parameter, value: str) -> None:
    """Note the value's ciphertext with the parameter."""
    account, region = backend.account_id, backend.region_name
    key = require_key(backend, parameter.keyid)
    context = {"PARAMETER_ARN": parameter_arn(account, region, parameter.name)}
    kms, plaintext = kms_backends[account][region], value.encode()
    if parameter.tier == "Advanced":
        data_key, blob, _ = kms.generate_data_key(key.id, context, 0, "AES_256")
        nonce = os.urandom(_NONCE_BYTES)
        blob += nonce + AESGCM(data_key).encrypt(nonce, plaintext, None)
    else:
        blob, _ = kms.encrypt(key.id, plaintext, context)
    noted = moto_seams.notes(parameter, _Encrypted)
    noted.account_id, noted.region, noted.key_id = account, region, key.id
    noted.ciphertext = base64.b64encode(blob).decode()


def shown(parameter: Parameter, value: str, *, is_decrypted: bool) -> str:
    """The value of a secure string as an answer has it. Raises InvalidKeyId.

    `value` is the plaintext where that is asked for. A secret that is read as a parameter was
    encrypted by another service.
    """
    noted = moto_seams.notes(parameter, _Encrypted)
    if not noted.key_id:
        return value
    if not is_decrypted:
        return noted.ciphertext
    _usable(noted.account_id, noted.region, noted.key_id)
    return value


def _usable(account_id: str, region: str, name: str) -> Key:
    try:
        return key_states.usable(account_id, region, name)
    except JsonRESTError as error:
        raise _invalid(error.message, error.error_type) from None


def _invalid(words: str, code: str) -> SSMException:
    return SSMException(
        "InvalidKeyId",
        f"{words} (Service: AWSKMS; Status Code: 400; Error Code: {code}; Request ID: "
        f"{uuid.uuid4()}; Proxy: null)",
    )
