"""Virtual MFA devices: their secrets are shown once, and their paths may have empty parts.

Source: answers of the real IAM as they have been recorded; API_CreateVirtualMFADevice: the path
must "begin and end with forward slashes".
"""

from __future__ import annotations

from moto.core.serialize import never_return
from moto.iam.exceptions import EntityAlreadyExists, ValidationError
from moto.iam.models import IAMBackend, User, VirtualMfaDevice
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_LISTED = "ListVirtualMFADevicesResponse.VirtualMFADevices.VirtualMFADevice"
_moto_enable = IAMBackend.enable_mfa_device


def install() -> None:
    moto_seams.replace(IAMBackend, create_virtual_mfa_device=_create, enable_mfa_device=_enable)
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.update(
        {
            f"{_LISTED}.Base32StringSeed": never_return,
            f"{_LISTED}.QRCodePNG": never_return,
        }
    )


def _create(self: IAMBackend, device_name: str, path: str | None) -> VirtualMfaDevice:
    path = path or "/"
    if not (path.startswith("/") and path.endswith("/")):
        raise ValidationError(
            "The specified value for path is invalid. It must begin and end with / and contain "
            "only alphanumeric characters and/or / characters."
        )
    device = VirtualMfaDevice(self.account_id, self.region_name, path + device_name)
    if device.serial_number in self.virtual_mfa_devices:
        raise EntityAlreadyExists("MFA device already exists.")
    self.virtual_mfa_devices[device.serial_number] = device
    return device


def _enable(
    self: IAMBackend, user_name: str, serial_number: str, first_code: str, second_code: str
) -> None:
    """A device is one user's: another one cannot have it too."""
    user: User = self.get_user(user_name)
    device = self.virtual_mfa_devices.get(serial_number)
    if serial_number in user.mfa_devices or (device is not None and device.enable_date):
        raise EntityAlreadyExists("MFA Device is already in use.")
    _moto_enable(self, user_name, serial_number, first_code, second_code)
