"""Virtual MFA devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import error_of

DEVICES = "arn:aws:iam::123456789012:mfa"


@pytest.fixture
def device(iam: Any, unique_name: str) -> Iterator[str]:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique_name)["VirtualMFADevice"]
    yield made["SerialNumber"]
    iam.delete_virtual_mfa_device(SerialNumber=made["SerialNumber"])


def test_the_secrets_of_a_virtual_device_are_shown_once(iam: Any, device: str) -> None:
    """Recorded from AWS: ListVirtualMFADevices has neither the seed nor the QR code."""
    [listed] = [
        each
        for each in iam.list_virtual_mfa_devices()["VirtualMFADevices"]
        if each["SerialNumber"] == device
    ]
    assert listed == {"SerialNumber": device}


def test_a_virtual_device_has_a_path_with_slashes_around_it(iam: Any, unique_name: str) -> None:
    """Recorded from AWS; API_CreateVirtualMFADevice: Path."""
    words = (
        "The specified value for path is invalid. It must begin and end with / and contain only "
        "alphanumeric characters and/or / characters."
    )
    for path in ("open", "/open"):
        call = {"VirtualMFADeviceName": unique_name, "Path": path}
        assert error_of(iam.create_virtual_mfa_device, **call) == ("ValidationError", words)
    call = {"VirtualMFADeviceName": unique_name, "Path": "/a//b/"}
    made = iam.create_virtual_mfa_device(**call)["VirtualMFADevice"]
    assert made["SerialNumber"] == f"{DEVICES}/a//b/{unique_name}"
    iam.delete_virtual_mfa_device(SerialNumber=made["SerialNumber"])


def test_a_virtual_device_is_one_users(iam: Any, unique_name: str, device: str) -> None:
    """Recorded from AWS: EntityAlreadyExists, NoSuchEntity."""
    call = {"VirtualMFADeviceName": unique_name}
    code = "EntityAlreadyExists"
    assert error_of(iam.create_virtual_mfa_device, **call) == (code, "MFA device already exists.")
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "234567"}
    users = [{"UserName": f"{unique_name}-{number}"} for number in (1, 2)]
    for user in users:
        iam.create_user(**user)
    iam.enable_mfa_device(**users[0], SerialNumber=device, **codes)
    for user in users:
        enable = {**user, "SerialNumber": device, **codes}
        words = "MFA Device is already in use."
        assert error_of(iam.enable_mfa_device, **enable) == (code, words)
    other = f"{DEVICES}/other"
    said = ("NoSuchEntity", f"MFA Device with serial number {other} does not exist.")
    assert error_of(iam.deactivate_mfa_device, **users[0], SerialNumber=other) == said
    assert error_of(iam.delete_virtual_mfa_device, SerialNumber=other) == said
    iam.deactivate_mfa_device(**users[0], SerialNumber=device)
    for user in users:
        iam.delete_user(**user)
