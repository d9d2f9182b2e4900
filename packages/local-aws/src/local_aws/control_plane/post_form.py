"""A form with which a browser uploads an object to S3: "POST Object" in the S3 API Reference."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from local_aws.control_plane.api_request import ApiRequest

_KIND = "multipart/form-data"
_FILENAME = "${filename}"


@dataclass(frozen=True)
class PostForm:
    """`fields` by their names in lower case; the file is not among them."""

    fields: Mapping[str, str]
    file: bytes
    filename: str

    @property
    def key(self) -> str:
        """The object's key, with the file's own name where it says so."""
        return self.fields.get("key", "").replace(_FILENAME, self.filename)

    @property
    def policy(self) -> str | None:
        """What its sender has signed, in Base64; None of an unsigned one."""
        return self.fields.get("policy")


def read(request: ApiRequest) -> PostForm | None:
    """Of a request to S3 that has one, and is not signed by a header or in its URL."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    is_signed = "authorization" in request.headers or request.is_presigned
    if request.method != "POST" or request.service != "s3" or kind != _KIND or is_signed:
        return None
    try:
        _, form, files = FormDataParser(silent=False).parse(
            io.BytesIO(request.body), kind, len(request.body), options
        )
    except (HTTPException, ValueError):
        return None
    file = files.get("file")
    if file is None:  # written into a field
        return of(form.items(), form.get("file", "").encode(), "")
    with file.stream:
        return of(form.items(), file.stream.read(), file.filename or "")


def of(pairs: Iterable[tuple[str, str]], file: bytes, filename: str) -> PostForm:
    """Of fields, and a file and its name, that have been read."""
    fields = {name.lower(): value for name, value in pairs if name.lower() != "file"}
    return PostForm(fields, file, filename.rpartition("/")[2])
