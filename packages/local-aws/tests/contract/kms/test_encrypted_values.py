"""Keys of KMS that other services encrypt with: secure strings and secrets."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from refusals import error_of

MISSING = "00000000-1111-2222-3333-444444444444"
PLAINTEXT = "not for everybody"


@pytest.mark.parametrize("tier", ["Standard", "Advanced"])
def test_a_secure_string_is_ciphertext(ssm: Any, unique_name: str, tier: str) -> None:
    """API_GetParameter: WithDecryption; wherever its value is shown."""
    name = f"/{unique_name}/part"
    ssm.put_parameter(Name=name, Value=PLAINTEXT, Type="SecureString", Tier=tier)
    for shown in (
        ssm.get_parameter(Name=name)["Parameter"],
        ssm.get_parameter_history(Name=name)["Parameters"][0],
        ssm.get_parameters_by_path(Path=f"/{unique_name}")["Parameters"][0],
    ):
        assert PLAINTEXT.encode() not in base64.b64decode(shown["Value"], validate=True)
    found = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert found["Value"] == PLAINTEXT


def test_kms_decrypts_a_secure_string(aws: Any, ssm: Any, unique_name: str) -> None:
    """KMS Developer Guide, "How AWS Systems Manager Parameter Store uses AWS KMS"."""
    kms = aws("kms")
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    ssm.put_parameter(Name=unique_name, Value=PLAINTEXT, Type="SecureString", KeyId=key_id)
    shown = ssm.get_parameter(Name=unique_name)["Parameter"]
    opened = kms.decrypt(
        CiphertextBlob=base64.b64decode(shown["Value"]),
        EncryptionContext={"PARAMETER_ARN": shown["ARN"]},
    )
    assert opened["Plaintext"].decode() == PLAINTEXT


def test_a_secure_string_needs_its_key(aws: Any, ssm: Any, unique_name: str) -> None:
    """API_PutParameter, API_GetParameter: InvalidKeyId."""
    put = {"Name": unique_name, "Value": PLAINTEXT, "Type": "SecureString"}
    assert error_of(ssm.put_parameter, **put, KeyId=MISSING)[0] == "InvalidKeyId"
    key_id = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    ssm.put_parameter(**put, KeyId=key_id)
    aws("kms").disable_key(KeyId=key_id)
    code, words = error_of(ssm.get_parameter, Name=unique_name, WithDecryption=True)
    assert code == "InvalidKeyId"
    assert "DisabledException" in words
    assert ssm.get_parameter(Name=unique_name)["Parameter"]["Value"] != PLAINTEXT
    assert error_of(ssm.put_parameter, **put, Overwrite=True)[0] == "InvalidKeyId"


def test_a_secret_needs_its_key(aws: Any, unique_name: str) -> None:
    """API_CreateSecret: EncryptionFailure; API_GetSecretValue: DecryptionFailure."""
    secrets = aws("secretsmanager")
    made = {"Name": unique_name, "SecretString": PLAINTEXT}
    assert error_of(secrets.create_secret, **made, KmsKeyId=MISSING)[0] == "EncryptionFailure"
    key_id = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    secrets.create_secret(**made, KmsKeyId=key_id)
    [version] = secrets.list_secret_version_ids(SecretId=unique_name)["Versions"]
    assert version["KmsKeyIds"] == [key_id]
    aws("kms").disable_key(KeyId=key_id)
    refused = error_of(secrets.get_secret_value, SecretId=unique_name)
    assert refused[0] == "DecryptionFailure"
