"""SelectObjectContent: requests that AWS refuses and at which moto fails.

Source: API_SelectObjectContent and "List of SELECT Object Content Error Codes" in the S3 API
Reference.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from moto.s3 import models
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from local_aws.control_plane import moto_seams

_moto_select_content = S3Backend.select_object_content
_moto_select: Callable[..., Any] = vars(models)["parse_query"]


def install() -> None:
    moto_seams.replace(S3Backend, select_object_content=_select_content)
    moto_seams.replace(models, parse_query=_select)


def _select_content(
    self: S3Backend, bucket: str, key: str, query: str, given: Any, wanted: Any
) -> Any:
    if not given or not wanted:
        raise S3ClientError(
            "MissingRequiredParameter", "The SelectRequest entity is missing a required parameter."
        )
    try:
        return _moto_select_content(self, bucket, key, query, given, wanted)
    except UnicodeDecodeError as error:
        raise S3ClientError(
            "InvalidTextEncoding", "Invalid encoding type. Only UTF-8 encoding is supported."
        ) from error
    except (OSError, EOFError, zlib.error) as error:  # what gzip and bz2 raise
        raise S3ClientError(
            "InvalidCompressionFormat",
            "The file is not in a supported compression format. Only GZIP and BZIP2 are supported.",
        ) from error


def _select(text_input: str, query: str) -> Any:
    try:
        return _moto_select(text_input, query)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise S3ClientError(
            "ParseUnexpectedToken", f"The SQL expression {query!r} is not valid."
        ) from error
