"""Identify the caller of a request by its signature."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.iam import refusals
from local_aws.control_plane.iam.authorization import unsigned_calls
from local_aws.control_plane.iam.sessions import callers
from local_aws.control_plane.iam.sessions.callers import Caller
from local_aws.control_plane.iam.signed_requests import form_signatures, signatures
from local_aws.control_plane.iam.signed_requests.form_signatures import FormSignature


def caller_of(
    request: ApiRequest, administrators_key: AccessKey, may_be_unsigned: Callable[[], bool]
) -> Caller:
    """The caller. Raises ApiError, in the protocol's own words. Needs no lock.

    `may_be_unsigned` is asked only when it matters: whether whoever sends the request is somebody
    from whom a call that needs no signature is accepted.
    """
    signature = signatures.read(request)
    form = form_signatures.read(request) if signature is None else None
    if form is not None:
        return _sender_of(request, form, administrators_key)
    if signature is None:
        if not unsigned_calls.is_one(request) or not may_be_unsigned():
            raise refusals.unsigned(request)
        return callers.ANONYMOUS
    signature.require_same_scope(request)
    key = callers.find(signature.access_key_id, administrators_key)
    if key is None:
        raise refusals.unknown_key(request)
    if not hmac.compare_digest(key.session_token.encode(), request.session_token.encode()):
        raise refusals.wrong_token(request)
    now = datetime.now(UTC)
    signature.require_its_time(request, now)
    signature.require_secret(request, key.secret_access_key)
    if key.expires_at is not None and key.expires_at <= now:
        raise refusals.expired_key(request)
    return key.caller


def _sender_of(request: ApiRequest, form: FormSignature, administrators_key: AccessKey) -> Caller:
    """Whoever signed a form's policy, which says itself until when it holds."""
    key = callers.find(form.access_key_id, administrators_key)
    if key is None:
        raise refusals.unknown_key(request)
    if not hmac.compare_digest(key.session_token.encode(), form.session_token.encode()):
        raise refusals.wrong_token(request)
    form.require_secret(request, key.secret_access_key)
    if key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        raise refusals.expired_key(request)
    return key.caller
