"""Where a request's template comes from, and reading it before the request has its turn."""

from __future__ import annotations

from contextlib import suppress

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.utils import get_stack_from_s3_url
from moto.core.exceptions import ServiceException
from moto.core.models import DEFAULT_ACCOUNT_ID

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.cloudformation import quotas, template
from local_aws.control_plane.lock import LOCK


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
    try:
        text = str(get_stack_from_s3_url(url, account_id=account_id, partition="aws"))
    except UnicodeDecodeError as error:
        raise ValidationError(message="Template format error: Invalid UTF-8.") from error
    except (AttributeError, ValueError, ServiceException) as error:
        raise ValidationError(
            message="TemplateURL must reference a valid S3 object to which you have access."
        ) from error
    quotas.check_stored(len(text.encode()))
    return text
