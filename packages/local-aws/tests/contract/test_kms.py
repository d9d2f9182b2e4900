"""Keys of KMS, and requests that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of

KEYS = "arn:aws:kms:us-east-1:123456789012:key"


@pytest.fixture
def kms(aws: Any) -> Any:
    return aws("kms")


def test_a_key_encrypts_by_default(kms: Any) -> None:
    """Recorded from AWS; API_CreateKey: KeyUsage, MultiRegion."""
    made = kms.create_key()["KeyMetadata"]
    assert (made["KeyUsage"], made["MultiRegion"]) == ("ENCRYPT_DECRYPT", False)
    assert made["EncryptionAlgorithms"] == ["SYMMETRIC_DEFAULT"]
    assert "SigningAlgorithms" not in made


def test_a_key_that_is_not_there_is_named(aws: Any, kms: Any) -> None:
    """Recorded from AWS: NotFoundException."""
    unknown = "00000000-1111-2222-3333-444444444444"
    several = "mrk-d3b95762d3b95762d3b95762d3b95762"
    for key_id, words in (
        (unknown, f"Key '{KEYS}/{unknown}' does not exist"),
        (f"{KEYS}/{unknown}", f"Key '{KEYS}/{unknown}' does not exist"),
        (several, f"Key '{KEYS}/{several}' does not exist"),
        ("fake-key-id", "Invalid keyId 'fake-key-id'"),
        ("mrk-fake-key-id", "Invalid keyId 'mrk-fake-key-id'"),
        (unknown.replace("-", ""), f"Invalid keyId '{unknown.replace('-', '')}'"),
    ):
        assert error_of(kms.describe_key, KeyId=key_id) == ("NotFoundException", words)
    elsewhere = aws("kms", region="eu-west-1").create_key()["KeyMetadata"]["Arn"]
    words = "Invalid arn eu-west-1"
    assert error_of(kms.describe_key, KeyId=elsewhere) == ("NotFoundException", words)


@pytest.mark.parametrize(
    ("spec", "algorithm", "most"),
    [
        ("RSA_2048", "RSAES_OAEP_SHA_1", 214),
        ("RSA_2048", "RSAES_OAEP_SHA_256", 190),
        ("RSA_3072", "RSAES_OAEP_SHA_256", 318),
        ("RSA_4096", "RSAES_OAEP_SHA_1", 470),
    ],
)
def test_an_rsa_key_encrypts_what_its_algorithm_leaves(
    kms: Any, spec: str, algorithm: str, most: int
) -> None:
    """Recorded from AWS: ValidationException."""
    key_id = kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    call = {"KeyId": key_id, "EncryptionAlgorithm": algorithm}
    words = (
        f"Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {most} bytes."
    )
    refused = error_of(kms.encrypt, **call, Plaintext=b"x" * (most + 1))
    assert refused == ("ValidationException", words)
    assert kms.encrypt(**call, Plaintext=b"x" * most)["CiphertextBlob"]


def test_how_many_random_bytes_is_required(kms: Any) -> None:
    """Recorded from AWS: ValidationException."""
    assert error_of(kms.generate_random) == ("ValidationException", "NumberOfBytes is required.")
    assert len(kms.generate_random(NumberOfBytes=12)["Plaintext"]) == 12


@pytest.mark.parametrize("named", ["KeyId", "Arn"])
def test_a_key_is_disabled_and_deleted_by_its_id_or_its_arn(kms: Any, named: str) -> None:
    """API_DisableKey, API_EnableKey, API_ScheduleKeyDeletion, API_CancelKeyDeletion: KeyId is an id
    or an ARN, and an ARN in what the last two answer."""
    made = kms.create_key()["KeyMetadata"]
    key = {"KeyId": made[named]}

    def state() -> str:
        return str(kms.describe_key(**key)["KeyMetadata"]["KeyState"])

    kms.disable_key(**key)
    assert state() == "Disabled"
    kms.enable_key(**key)
    assert state() == "Enabled"
    assert kms.schedule_key_deletion(**key)["KeyId"] == made["Arn"]
    assert state() == "PendingDeletion"
    assert kms.cancel_key_deletion(**key)["KeyId"] == made["Arn"]
    assert state() == "Disabled"


def test_a_key_that_is_to_be_deleted_does_not_rotate(kms: Any) -> None:
    """API_GetKeyRotationStatus: false while a key is pending deletion, and what it was once that is
    cancelled."""
    key = {"KeyId": kms.create_key()["KeyMetadata"]["Arn"]}
    kms.enable_key_rotation(**key)
    rotations = [kms.get_key_rotation_status(**key)["KeyRotationEnabled"]]
    for change in (kms.schedule_key_deletion, kms.cancel_key_deletion):
        change(**key)
        rotations.append(kms.get_key_rotation_status(**key)["KeyRotationEnabled"])
    assert rotations == [True, False, True]
