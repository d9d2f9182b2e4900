"""What a key may be used for, in the state that it is in.

Source: "Key states of AWS KMS keys" in the KMS Developer Guide; API_EnableKeyRotation: which keys
rotate; answers of the real KMS as they have been recorded.
"""

from __future__ import annotations

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, kms_backends

USAGE = {
    "Encrypt": "ENCRYPT_DECRYPT",
    "GenerateDataKey": "ENCRYPT_DECRYPT",
    "GenerateDataKeyPair": "ENCRYPT_DECRYPT",
    "GenerateDataKeyPairWithoutPlaintext": "ENCRYPT_DECRYPT",
    "GenerateDataKeyWithoutPlaintext": "ENCRYPT_DECRYPT",
    "GenerateMac": "GENERATE_VERIFY_MAC",
    "ReEncrypt": "ENCRYPT_DECRYPT",
    "Sign": "SIGN_VERIFY",
    "Verify": "SIGN_VERIFY",
    "VerifyMac": "GENERATE_VERIFY_MAC",
}
"""The usage that a key must have, by what is done with it."""
_NEEDS_ENABLED = frozenset(
    {*USAGE, "CreateGrant", "Decrypt", "DisableKeyRotation", "EnableKeyRotation"}
)
_NOT_PENDING_DELETION = frozenset(
    {
        *_NEEDS_ENABLED,
        "CreateAlias",
        "DisableKey",
        "EnableKey",
        "ScheduleKeyDeletion",
        "TagResource",
        "UntagResource",
        "UpdateKeyDescription",
    }
)


def require(action: str, key: Key) -> None:
    """Raise what KMS answers when the key's state or usage does not allow the action."""
    state = key.key_state
    if state == "PendingDeletion" and action in _NOT_PENDING_DELETION:
        raise _invalid_state(key, "is pending deletion.")
    if state != "PendingDeletion" and action == "CancelKeyDeletion":
        raise _invalid_state(key, "is not pending deletion.")
    if state == "PendingImport" and action in _NEEDS_ENABLED:
        raise _invalid_state(key, "is pending import.")
    if state == "Disabled" and action in _NEEDS_ENABLED:
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    usage = USAGE.get(action, key.key_usage)
    if usage != key.key_usage:
        raise JsonRESTError(
            "InvalidKeyUsageException",
            f"{key.arn} key usage is {key.key_usage} which is not valid for {action}.",
        )
    is_plain = key.key_spec == "SYMMETRIC_DEFAULT" and key.origin == "AWS_KMS"
    if action == "EnableKeyRotation" and not is_plain:
        raise unsupported(f"{key.arn} has key material that KMS does not rotate.")


def usable(account_id: str, region: str, name: str) -> Key:
    """The key that another service encrypts with, by its id, its ARN or an alias.

    Raises what KMS answers when it is not there, or not to be used now.
    """
    kms = kms_backends[account_id][region]
    name = kms.get_alias_name(name)
    is_alias = name.startswith("alias/")
    key = kms.keys.get(
        (kms.get_key_id_from_alias(name) if is_alias else kms.get_key_id(name)) or ""
    )
    if key is None:
        words = f"Alias {name} is not found." if is_alias else f"Invalid keyId {name}"
        raise JsonRESTError("NotFoundException", words)
    require("Encrypt", key)
    return key


def require_algorithm(key: Key, algorithm: str, allowed: list[str] | None) -> None:
    if algorithm not in (allowed or []):
        raise JsonRESTError(
            "InvalidKeyUsageException",
            f"Algorithm {algorithm} is incompatible with key spec {key.key_spec}.",
        )


def unsupported(message: str) -> JsonRESTError:
    return JsonRESTError("UnsupportedOperationException", message)


def _invalid_state(key: Key, words: str) -> JsonRESTError:
    return JsonRESTError("KMSInvalidStateException", f"{key.arn} {words}")
