"""Where a request's template comes from, and reading it before the request has its turn."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import ServiceException
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.cloudformation import quotas, template
from local_aws.control_plane.lock import LOCK

_WITH_BUCKET = re.compile(r"(?P<bucket>.+)\.s3[.-](?!website)[a-z0-9.-]*amazonaws\.com(\.cn)?")
"""A virtual-hosted address; in every other one, also that of a local endpoint, the path has it.

AWS: "Virtual hosting of general purpose buckets" in the S3 User Guide.
"""


def read_ahead(request: ApiRequest) -> None:
    """Read the template of a request while other requests go on. Call it without LOCK.

    What is wrong with it is answered when the request itself is.
    """
    text, url = request.parameters.get("TemplateBody"), request.parameters.get("TemplateURL")
    with suppress(ValidationError):
        if url:
            with LOCK:
                text = stored(str(url), DEFAULT_ACCOUNT_ID)
        elif text:
            quotas.check_inline(str(text))
        if text:
            template.prepare(str(text))


def stored(url: str, account_id: str) -> str:
    """The text that a TemplateURL names, in S3. Raises ValidationError."""
    bucket, key = _named(url)
    try:
        stored_object: Any = s3_backends[account_id]["aws"].get_object(bucket, key)
        text: str = stored_object.value.decode()
    except UnicodeDecodeError as error:
        raise ValidationError(message="Template format error: Invalid UTF-8.") from error
    except (AttributeError, ServiceException) as error:
        raise ValidationError(
            message="TemplateURL must reference a valid S3 object to which you have access."
        ) from error
    quotas.check_stored(len(text.encode()))
    return text


def _named(url: str) -> tuple[str, str]:
    """The words for a URL that names no object are AWS's as recorded."""
    try:
        return bucket_and_key(url)
    except ValueError as error:
        message = "TemplateURL must be a supported URL."
        if url.startswith("s3://"):
            domain = url.removeprefix("s3://").partition("/")[0]
            message = f"S3 error: Domain name specified in {domain} is not a valid S3 domain"
        raise ValidationError(message=message) from error


def bucket_and_key(url: str) -> tuple[str, str]:
    """What a TemplateURL names. Raises ValueError when it names no object."""
    address = urlsplit(url)
    path = unquote(address.path).removeprefix("/")
    virtual = _WITH_BUCKET.fullmatch(address.hostname or "")
    bucket, _, key = (virtual["bucket"], "/", path) if virtual else path.partition("/")
    if not (address.scheme in ("http", "https") and bucket and key):
        raise ValueError(f"{url} names no object")
    return bucket, key
