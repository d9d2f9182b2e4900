"""Access keys: in whose account they are, whose they are when nobody is named, and the last use of
one that is nobody's.

Source: answers of the real IAM as they have been recorded; API_DeleteAccessKey: without a user's
name it is the caller, who is found by the key that signs the request.
"""

from __future__ import annotations

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult, EmptyResult
from moto.iam import models
from moto.iam.exceptions import NotFoundException, ValidationError
from moto.iam.models import User
from moto.iam.responses import IamResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.iam.sessions import callers

_moto_last_used = IamResponse.get_access_key_last_used


def install() -> None:
    moto_seams.replace(IamResponse, delete_access_key=_delete, get_access_key_last_used=_last_used)
    moto_seams.replace(models, get_account_id_from=_account_of)


def _account_of(access_key: str) -> str:
    """The account that has the key, which is looked up for each request.

    Only the partitions in use can have it; moto creates all others to look into them, with AWS's
    1,500 policies in each, which takes a second.
    """
    for account_id, partitions in list(models.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return account_id
    return DEFAULT_ACCOUNT_ID


def _delete(self: IamResponse) -> ActionResult:
    key_id = self._get_param("AccessKeyId")
    name = self._get_param("UserName") or _user_name_of_caller(self, key_id)
    self.backend.delete_access_key(key_id, name)
    return EmptyResult()


def _user_name_of_caller(response: IamResponse, key_id: str) -> str:
    key = callers.find_issued(response.get_access_key())
    if key is None:  # the account itself, which has no keys that could be deleted
        raise NotFoundException(f"The Access Key with id {key_id} cannot be found")
    if not isinstance(key.caller.identity, User) or key.caller.kind != "User":
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return str(key.caller.identity.name)


def _last_used(self: IamResponse) -> ActionResult:
    """IAM does not say whether the key of another account exists."""
    try:
        return _moto_last_used(self)
    except NotFoundException:
        key = callers.find_issued(self.get_access_key())
        arn = key.caller.arn if key else f"arn:aws:iam::{self.current_account}:root"
        raise ApiError(
            "403 Forbidden",
            "AccessDenied",
            f"User: {arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: "
            f"access key {self._get_param('AccessKeyId')}",
        ) from None
