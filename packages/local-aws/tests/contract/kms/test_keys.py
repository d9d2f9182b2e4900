"""Keys of KMS, and requests that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of

KEYS = "arn:aws:kms:us-east-1:123456789012:key"


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


def test_a_key_has_a_kind_and_a_usage(kms: Any) -> None:
    """Recorded from AWS; API_CreateKey: KeySpec, KeyUsage; API_DescribeKey: MacAlgorithms."""
    words = (
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    )
    assert error_of(kms.create_key, KeySpec="HMAC_256") == ("ValidationException", words)
    unfit = error_of(kms.create_key, KeySpec="ECC_NIST_P256", KeyUsage="ENCRYPT_DECRYPT")
    assert unfit[0] == "ValidationException"
    made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    assert made["MacAlgorithms"] == ["HMAC_SHA_256"]
    assert made.keys().isdisjoint({"EncryptionAlgorithms", "SigningAlgorithms"})


@pytest.mark.parametrize(
    ("spec", "usage", "call", "action"),
    [
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "generate_mac", "GenerateMac"),
        ("HMAC_256", "GENERATE_VERIFY_MAC", "sign", "Sign"),
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "verify", "Verify"),
        ("RSA_2048", "SIGN_VERIFY", "encrypt", "Encrypt"),
    ],
)
def test_a_key_is_used_only_for_its_key_usage(
    kms: Any, spec: str, usage: str, call: str, action: str
) -> None:
    """Recorded from AWS: InvalidKeyUsageException."""
    arguments: dict[str, dict[str, Any]] = {
        "encrypt": {"Plaintext": b"x"},
        "generate_mac": {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"},
        "sign": {"Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256"},
        "verify": {"Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256", "Signature": b"x"},
    }
    arn = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
    assert error_of(getattr(kms, call), KeyId=arn, **arguments[call]) == (
        "InvalidKeyUsageException",
        f"{arn} key usage is {usage} which is not valid for {action}.",
    )


def test_a_key_without_material_encrypts_nothing(kms: Any) -> None:
    """Recorded from AWS: PendingImport; its material cannot be imported here."""
    made = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
    assert (made["KeyState"], made["Enabled"]) == ("PendingImport", False)
    words = f"{made['Arn']} is pending import."
    refused = error_of(kms.encrypt, KeyId=made["KeyId"], Plaintext=b"x")
    assert refused == ("KMSInvalidStateException", words)


def test_a_key_that_is_disabled_is_not_used(kms: Any) -> None:
    """KMS Developer Guide, "Key states of AWS KMS keys": DisabledException."""
    made = kms.create_key()["KeyMetadata"]
    arn = made["Arn"]
    blob = kms.encrypt(KeyId=arn, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=arn)
    refused = ("DisabledException", f"{arn} is disabled.")
    assert error_of(kms.encrypt, KeyId=arn, Plaintext=b"x") == refused
    assert error_of(kms.decrypt, CiphertextBlob=blob) == refused
    assert error_of(kms.generate_data_key, KeyId=arn, KeySpec="AES_256") == refused
    assert error_of(kms.enable_key_rotation, KeyId=arn) == refused


def test_a_key_that_is_to_be_deleted_is_not_used(kms: Any, unique_name: str) -> None:
    """The same: KMSInvalidStateException; API_ScheduleKeyDeletion: PendingWindowInDays."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    invalid = "KMSInvalidStateException"
    refused = error_of(kms.cancel_key_deletion, KeyId=arn)
    assert refused == (invalid, f"{arn} is not pending deletion.")
    assert error_of(kms.schedule_key_deletion, KeyId=arn, PendingWindowInDays=6)[0] == (
        "ValidationException"
    )
    answer = kms.schedule_key_deletion(KeyId=arn)
    assert (answer["KeyState"], answer["PendingWindowInDays"]) == ("PendingDeletion", 30)
    refused = (invalid, f"{arn} is pending deletion.")
    assert error_of(kms.encrypt, KeyId=arn, Plaintext=b"x") == refused
    assert error_of(kms.enable_key, KeyId=arn) == refused
    assert error_of(kms.schedule_key_deletion, KeyId=arn) == refused
    alias = f"alias/{unique_name}"
    assert error_of(kms.create_alias, AliasName=alias, TargetKeyId=arn) == refused


def test_when_a_key_rotates(kms: Any) -> None:
    """API_GetKeyRotationStatus; API_EnableKeyRotation: symmetric keys only."""
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    assert "NextRotationDate" not in kms.get_key_rotation_status(KeyId=arn)
    kms.enable_key_rotation(KeyId=arn)
    shown = kms.get_key_rotation_status(KeyId=arn)
    assert (shown["KeyRotationEnabled"], shown["RotationPeriodInDays"]) == (True, 365)
    assert "NextRotationDate" in shown
    pair = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    assert error_of(kms.enable_key_rotation, KeyId=pair)[0] == "UnsupportedOperationException"


def test_a_key_has_replicas_in_other_regions(aws: Any, kms: Any) -> None:
    """Recorded from AWS: the replica is Creating, and without a description."""
    made = kms.create_key(MultiRegion=True, Description="first")["KeyMetadata"]
    arn = made["Arn"].replace("us-east-1", "eu-west-1")
    answer = kms.replicate_key(KeyId=made["KeyId"], ReplicaRegion="eu-west-1")
    replica = answer["ReplicaKeyMetadata"]
    assert (replica["Arn"], replica["KeyState"], replica["Enabled"]) == (arn, "Creating", False)
    assert replica["Description"] == ""
    for client, kind in ((kms, "PRIMARY"), (aws("kms", region="eu-west-1"), "REPLICA")):
        shown = client.describe_key(KeyId=made["KeyId"])["KeyMetadata"]["MultiRegionConfiguration"]
        assert shown["MultiRegionKeyType"] == kind
        assert [each["Arn"] for each in shown["ReplicaKeys"]] == [arn]
    alone = kms.create_key()["KeyMetadata"]["KeyId"]
    refused = error_of(kms.replicate_key, KeyId=alone, ReplicaRegion="eu-west-1")
    assert refused[0] == "UnsupportedOperationException"


def test_a_policy_is_json(kms: Any) -> None:
    """API_CreateKey, API_PutKeyPolicy: MalformedPolicyDocumentException; API_GetKeyPolicy."""
    malformed = "MalformedPolicyDocumentException"
    assert error_of(kms.create_key, Policy="mine")[0] == malformed
    key = {"KeyId": kms.create_key()["KeyMetadata"]["KeyId"], "PolicyName": "default"}
    assert error_of(kms.put_key_policy, **key, Policy="mine")[0] == malformed
    assert kms.get_key_policy(**key)["PolicyName"] == "default"


def test_a_trial_run_changes_nothing(kms: Any) -> None:
    """API_Encrypt: DryRun."""
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    refused = error_of(kms.encrypt, KeyId=key_id, Plaintext=b"x", DryRun=True)
    assert refused[0] == "DryRunOperationException"
