"""What keys of KMS encrypt and sign, what they are called, and who may use them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from refusals import error_of

KEYS = "arn:aws:kms:us-east-1:123456789012"
SIGNING = [
    ("RSA_2048", "RSASSA_PSS_SHA_256"),
    ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512"),
    ("ECC_NIST_P256", "ECDSA_SHA_256"),
    ("ECC_NIST_P384", "ECDSA_SHA_384"),
]


@pytest.fixture
def key(kms: Any) -> str:
    """The ARN of a symmetric key."""
    return str(kms.create_key()["KeyMetadata"]["Arn"])


def test_what_is_encrypted_names_its_algorithm(kms: Any, key: str) -> None:
    """Recorded from AWS: EncryptionAlgorithm; another context is an invalid ciphertext."""
    context = {"EncryptionContext": {"a": "b"}}
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x", **context)
    assert (sealed["EncryptionAlgorithm"], sealed["KeyId"]) == ("SYMMETRIC_DEFAULT", key)
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], **context)
    assert (opened["EncryptionAlgorithm"], opened["Plaintext"]) == ("SYMMETRIC_DEFAULT", b"x")
    refused = error_of(kms.decrypt, CiphertextBlob=sealed["CiphertextBlob"])
    assert refused == ("InvalidCiphertextException", "")
    again = kms.re_encrypt(
        CiphertextBlob=sealed["CiphertextBlob"],
        SourceEncryptionContext=context["EncryptionContext"],
        DestinationKeyId=key,
    )
    assert again["SourceEncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert again["DestinationEncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"


def test_another_key_does_not_decrypt(kms: Any, key: str) -> None:
    """Recorded from AWS: IncorrectKeyException."""
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    other = kms.create_key()["KeyMetadata"]["Arn"]
    assert error_of(kms.decrypt, CiphertextBlob=blob, KeyId=other) == (
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
    )


def test_a_key_pair_decrypts_what_its_public_key_encrypts(kms: Any) -> None:
    """API_Encrypt, API_Decrypt, API_GetPublicKey: RSAES_OAEP_SHA_256."""
    made = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    use = {"KeyId": made["Arn"], "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    shown = kms.get_public_key(KeyId=made["KeyId"])
    assert (shown["KeyId"], shown["KeySpec"]) == (made["Arn"], "RSA_2048")
    public: Any = serialization.load_der_public_key(shown["PublicKey"])
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    for blob in (
        kms.encrypt(**use, Plaintext=b"x")["CiphertextBlob"],
        public.encrypt(b"x", oaep),
    ):
        assert kms.decrypt(**use, CiphertextBlob=blob)["Plaintext"] == b"x"
    refused = error_of(kms.encrypt, KeyId=made["Arn"], Plaintext=b"x")
    assert refused[0] == "InvalidKeyUsageException"


def test_a_symmetric_key_has_no_public_key(kms: Any, key: str) -> None:
    """API_GetPublicKey: UnsupportedOperationException."""
    assert error_of(kms.get_public_key, KeyId=key)[0] == "UnsupportedOperationException"


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256"])
def test_pairs_of_data_keys(kms: Any, key: str, spec: str) -> None:
    """Recorded from AWS: GenerateDataKeyPair, with and without the private key's plaintext."""
    asked = {"KeyId": key, "KeyPairSpec": spec, "EncryptionContext": {"a": "b"}}
    pair = kms.generate_data_key_pair(**asked)
    opened = kms.decrypt(
        CiphertextBlob=pair["PrivateKeyCiphertextBlob"], EncryptionContext={"a": "b"}
    )
    assert opened["Plaintext"] == pair["PrivateKeyPlaintext"]
    private: Any = serialization.load_der_private_key(pair["PrivateKeyPlaintext"], None)
    public: Any = serialization.load_der_public_key(pair["PublicKey"])
    assert private.public_key().public_numbers() == public.public_numbers()
    assert "PrivateKeyPlaintext" not in kms.generate_data_key_pair_without_plaintext(**asked)


@pytest.mark.parametrize(("spec", "algorithm"), SIGNING)
def test_a_signature_is_of_a_message_or_of_its_digest(kms: Any, spec: str, algorithm: str) -> None:
    """Recorded from AWS: Sign, Verify; MessageType; KMSInvalidSignatureException."""
    made = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    use = {"KeyId": made["KeyId"], "SigningAlgorithm": algorithm}
    digest = hashlib.new(f"sha{algorithm[-3:]}", b"x").digest()
    signed = kms.sign(**use, Message=digest, MessageType="DIGEST")
    assert signed["KeyId"] == made["Arn"]
    assert kms.verify(**use, Message=b"x", Signature=signed["Signature"])["SignatureValid"]
    refused = error_of(kms.verify, **use, Message=b"y", Signature=signed["Signature"])
    assert refused == ("KMSInvalidSignatureException", "")
    assert error_of(kms.sign, **use, Message=b"x", MessageType="DIGEST") == (
        "ValidationException",
        f"Digest is invalid length for algorithm {algorithm}.",
    )


def test_codes_are_generated_by_the_keys_own_algorithm(kms: Any) -> None:
    """Recorded from AWS: GenerateMac, VerifyMac; InvalidKeyUsageException."""
    made = kms.create_key(KeySpec="HMAC_224", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    use = {"KeyId": made["KeyId"], "Message": b"x"}
    code = kms.generate_mac(**use, MacAlgorithm="HMAC_SHA_224")
    checked = kms.verify_mac(**use, MacAlgorithm="HMAC_SHA_224", Mac=code["Mac"])
    assert code["KeyId"] == checked["KeyId"] == made["Arn"]
    assert error_of(kms.generate_mac, **use, MacAlgorithm="HMAC_SHA_256") == (
        "InvalidKeyUsageException",
        "Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.",
    )


def test_aliases_have_a_form_and_dates(kms: Any, key: str, unique_name: str) -> None:
    """Recorded from AWS: the prefix; API_AliasListEntry; API_CreateAlias: "alias/aws/"."""
    code, words = error_of(kms.create_alias, AliasName=unique_name, TargetKeyId=key)
    assert code == "ValidationException"
    assert words.startswith('Alias must start with the prefix "alias/".')
    reserved = {"AliasName": f"alias/aws/{unique_name}", "TargetKeyId": key}
    assert error_of(kms.create_alias, **reserved)[0] == "NotAuthorizedException"
    alias = f"alias/{unique_name}"
    kms.create_alias(AliasName=alias, TargetKeyId=key)
    [shown] = kms.list_aliases(KeyId=key)["Aliases"]
    assert shown["AliasArn"] == f"{KEYS}:{alias}"
    assert shown["LastUpdatedDate"] >= shown["CreationDate"]
    pair = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    refused = error_of(kms.update_alias, AliasName=alias, TargetKeyId=pair)
    assert refused[0] == "ValidationException"


def test_keys_and_aliases_come_in_pages(kms: Any, key: str, unique_name: str) -> None:
    """API_ListKeys, API_ListAliases: Limit, Marker, InvalidMarkerException."""
    for number in range(3):
        kms.create_alias(AliasName=f"alias/{unique_name}-{number}", TargetKeyId=key)
    first = kms.list_aliases(KeyId=key, Limit=2)
    assert (len(first["Aliases"]), first["Truncated"]) == (2, True)
    rest = kms.list_aliases(KeyId=key, Marker=first["NextMarker"])
    assert (len(rest["Aliases"]), rest["Truncated"]) == (1, False)
    kms.create_key()
    assert len(kms.list_keys(Limit=1)["Keys"]) == 1
    assert error_of(kms.list_keys, Marker="none")[0] == "InvalidMarkerException"


def test_a_grant_names_its_key_by_arn(kms: Any, key: str) -> None:
    """API_GrantListEntry: KeyId, IssuingAccount, CreationDate; API_CreateGrant."""
    grant = {"GranteePrincipal": "arn:aws:iam::123456789012:role/x", "Operations": ["Decrypt"]}
    kms.create_grant(KeyId=key, **grant)
    [shown] = kms.list_grants(KeyId=key)["Grants"]
    assert (shown["KeyId"], shown["IssuingAccount"]) == (key, "arn:aws:iam::123456789012:root")
    assert "CreationDate" in shown
    missing = "00000000-1111-2222-3333-444444444444"
    assert error_of(kms.create_grant, KeyId=missing, **grant)[0] == "NotFoundException"
