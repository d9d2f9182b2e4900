"""Server certificates: each name once; one that is looked at shows that it has no tags.

Source: answers of the real IAM as they have been recorded; API_UploadServerCertificate.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import Certificate, IAMBackend
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_moto_upload = IAMBackend.upload_server_certificate
_moto_get = IamResponse.get_server_certificate


def install() -> None:
    moto_seams.replace(IAMBackend, upload_server_certificate=_upload)
    moto_seams.replace(IamResponse, get_server_certificate=_get)


def _upload(self: IAMBackend, cert_name: str, *parts: Any, **others: Any) -> Certificate:
    if any(each.cert_name == cert_name for each in self.certificates.values()):
        raise EntityAlreadyExists(f"The Server Certificate with name {cert_name} already exists.")
    made: Certificate = _moto_upload(self, cert_name, *parts, **others)
    return made


def _get(self: IamResponse) -> ActionResult:
    got: Any = _moto_get(self).result
    return ActionResult({"ServerCertificate": {**got["ServerCertificate"], "Tags": []}})
