"""Key pairs: made without holding up anything else, and their fingerprints."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_ssh_private_key,
)
from stack_driver import StackDriver

from local_aws.control_plane.ec2.security import key_pairs


@pytest.fixture
def slow_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """An RSA key that is not found before the test says so: (it is looked for, it is found)."""
    begun, found = threading.Event(), threading.Event()
    make = key_pairs.random_rsa_key_pair

    def look_for_one() -> Any:
        begun.set()
        assert found.wait(20)
        return make()

    monkeypatch.setattr(key_pairs, "random_rsa_key_pair", look_for_one)
    yield begun, found
    found.set()


@pytest.mark.parametrize("by", ["the API", "a stack"])
def test_other_calls_are_answered_while_a_key_is_generated(
    aws: Any,
    stacks: StackDriver,
    unique_name: str,
    slow_key: tuple[threading.Event, threading.Event],
    by: str,
) -> None:
    """On AWS nobody waits for another one's key; here it took the one lock for up to seconds."""
    begun, found = slow_key
    ec2 = aws("ec2")
    template = {"Key": {"Type": "AWS::EC2::KeyPair", "Properties": {"KeyName": unique_name}}}
    create: Callable[[], Any] = {
        "the API": lambda: ec2.create_key_pair(KeyName=unique_name),
        "a stack": lambda: stacks.create(unique_name, template),
    }[by]
    creating = threading.Thread(target=create)
    creating.start()
    assert begun.wait(10)

    assert ec2.describe_vpcs()["Vpcs"]
    assert (
        ec2.describe_key_pairs(Filters=[{"Name": "key-name", "Values": [unique_name]}])["KeyPairs"]
        == []
    )

    found.set()
    creating.join(10)
    assert ec2.describe_key_pairs(KeyNames=[unique_name])["KeyPairs"]


def test_no_two_key_pairs_have_one_key(aws: Any, unique_name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html"""
    ec2 = aws("ec2")
    made = [ec2.create_key_pair(KeyName=f"{unique_name}-{n}") for n in range(3)]

    assert len({each["KeyMaterial"] for each in made}) == 3
    assert len({each["KeyFingerprint"] for each in made}) == 3


@pytest.mark.parametrize("imported", [True, False])
def test_an_ed25519_key_has_the_fingerprint_that_openssh_shows(
    imported: bool, aws: Any, unique_name: str
) -> None:
    """Amazon EC2 User Guide, "Verify the fingerprint of your key pair": SHA-256, in base64."""
    ec2 = aws("ec2")
    if imported:
        public_key = Ed25519PrivateKey.generate().public_key()
        material = public_key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        shown = ec2.import_key_pair(KeyName=unique_name, PublicKeyMaterial=material)
    else:
        shown = ec2.create_key_pair(KeyName=unique_name, KeyType="ed25519")
        key = load_ssh_private_key(shown["KeyMaterial"].encode(), None)
        material = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    digest = hashlib.sha256(base64.b64decode(material.split()[1])).digest()
    assert shown["KeyFingerprint"] == base64.b64encode(digest).decode()


def test_key_pairs_are_found_by_their_ids(aws: Any, unique_name: str) -> None:
    """API_DescribeKeyPairs, KeyPairId."""
    ec2 = aws("ec2")
    made = [
        ec2.create_key_pair(KeyName=f"{unique_name}-{kind}", KeyType="ed25519")["KeyPairId"]
        for kind in ("a", "b")
    ]
    found = ec2.describe_key_pairs(KeyPairIds=made[:1])["KeyPairs"]
    assert [each["KeyPairId"] for each in found] == made[:1]
    with pytest.raises(ClientError, match=r"InvalidKeyPair\.NotFound.*'key-0' does not exist"):
        ec2.describe_key_pairs(KeyPairIds=[made[0], "key-0"])
