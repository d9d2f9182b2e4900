"""Identity providers: what is shown of one for SAML, and which cannot be made or deleted.

Source: answers of the real IAM as they have been recorded; API_GetSAMLProvider.
"""

from __future__ import annotations

import hashlib
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import EntityAlreadyExists
from moto.iam.models import IAMBackend, OpenIDConnectProvider
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams

_moto_create_oidc = IAMBackend.create_open_id_connect_provider
_moto_delete_saml = IAMBackend.delete_saml_provider


def install() -> None:
    moto_seams.replace(
        IAMBackend,
        create_open_id_connect_provider=_create_oidc,
        delete_saml_provider=_delete_saml,
    )
    moto_seams.replace(IamResponse, get_saml_provider=_get_saml)


def _create_oidc(self: IAMBackend, url: str, *details: Any, **others: Any) -> OpenIDConnectProvider:
    try:
        made: OpenIDConnectProvider = _moto_create_oidc(self, url, *details, **others)
    except EntityAlreadyExists:
        raise EntityAlreadyExists(f"Provider with url {url} already exists.") from None
    return made


def _delete_saml(self: IAMBackend, saml_provider_arn: str) -> None:
    self.get_saml_provider(saml_provider_arn)
    _moto_delete_saml(self, saml_provider_arn)


def _get_saml(self: IamResponse) -> ActionResult:
    """Assertions may be encrypted, with keys of which moto has none; nor has it tags."""
    provider = self.backend.get_saml_provider(self._get_param("SAMLProviderArn"))
    made = f"{provider.arn} {provider.create_date}"
    return ActionResult(
        {
            "SAMLProviderUUID": hashlib.sha256(made.encode()).hexdigest()[:32].upper(),
            "SAMLMetadataDocument": provider.saml_metadata_document,
            "CreateDate": provider.create_date,
            "ValidUntil": provider.valid_until,
            "Tags": [],
            "AssertionEncryptionMode": "Allowed",
            "PrivateKeyList": [],
        }
    )
