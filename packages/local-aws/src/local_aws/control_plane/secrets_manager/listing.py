"""Secrets and versions in pages, in the order that the request names.

Source: API_ListSecrets: SortBy, SortOrder ("Secrets are listed by CreatedDate"), MaxResults;
API_ListSecretVersionIds; API_BatchGetSecretValue: pages of what filters find.
"""

from __future__ import annotations

import json
from typing import Any

from moto.secretsmanager.exceptions import SecretNotFoundException
from moto.secretsmanager.responses import SecretsManagerResponse, _validate_filters

from local_aws.control_plane import key_token, moto_seams
from local_aws.control_plane.secrets_manager import versions

_MOST = 100
_MOST_VALUES = 20
_EVERYTHING = 10**9
_SORTED_BY = {
    "created-date": "CreatedDate",
    "last-accessed-date": "LastAccessedDate",
    "last-changed-date": "LastChangedDate",
    "name": "Name",
}


def install() -> None:
    moto_seams.replace(
        SecretsManagerResponse,
        batch_get_secret_value=_batch_get_secret_value,
        list_secrets=_list_secrets,
        list_secret_version_ids=_list_secret_version_ids,
    )


def _list_secrets(self: SecretsManagerResponse) -> str:
    filters = self._get_param("Filters", if_none=[])
    _validate_filters(filters)
    found, _ = self.backend.list_secrets(
        filters=filters,
        max_results=_EVERYTHING,
        include_planned_deletion=self._get_param("IncludePlannedDeletion", if_none=False),
    )
    by = self._get_param("SortBy") or "created-date"
    order = self._get_param("SortOrder") or "asc"
    shown, more = key_token.page(
        f"ListSecrets by {by} {order}",
        found,
        lambda secret: (secret[_SORTED_BY[by]] or 0, secret["Name"]),
        self._get_param("NextToken"),
        self._get_int_param("MaxResults") or _MOST,
        is_descending=order == "desc",
    )
    return json.dumps({"SecretList": shown, **_next(more)})


def _list_secret_version_ids(self: SecretsManagerResponse) -> str:
    """In the order in which they were put; moto lists all on one page."""
    secret = self.backend.secrets.get(self._get_param("SecretId"))
    if secret is None:
        raise SecretNotFoundException
    numbers = {version: number for number, version in enumerate(secret.versions)}
    shown, more = key_token.page(
        "ListSecretVersionIds",
        versions.entries(secret, every=bool(self._get_param("IncludeDeprecated"))),
        lambda entry: (numbers[entry["VersionId"]],),
        self._get_param("NextToken"),
        self._get_int_param("MaxResults") or _MOST,
    )
    return json.dumps({"ARN": secret.arn, "Name": secret.name, "Versions": shown, **_next(more)})


def _batch_get_secret_value(self: SecretsManagerResponse) -> str:
    """By name what filters find; secrets that the request names are on one page, in its order."""
    filters, most = self._get_param("Filters", if_none=[]), self._get_int_param("MaxResults")
    found, errors, _ = self.backend.batch_get_secret_value(
        secret_id_list=self._get_param("SecretIdList", if_none=[]),
        filters=filters,
        max_results=_EVERYTHING if filters else most,
    )
    numbered, more = key_token.page(
        "BatchGetSecretValue",
        enumerate(found),
        lambda row: (row[1]["Name"] if filters else row[0],),
        self._get_param("NextToken"),
        most or _MOST_VALUES,
    )
    shown = [value for _, value in numbered]
    return json.dumps({"SecretValues": shown, "Errors": errors, **_next(more)})


def _next(token: str | None) -> dict[str, Any]:
    return {"NextToken": token} if token else {}
