"""Bodies that SDKs compress: those of PutMetricData, from 10 KB on.

Source: "Request compression" in the AWS SDKs and Tools Reference Guide. A request is signed as it
is sent, so its signature is of the compressed body.
"""

from __future__ import annotations

import io
import zlib
from typing import Any

from local_aws.control_plane.api_request import ApiRequest
from local_aws.host.http_server import FIELDS

_BYTES = 64 * 1024**2
"""The most that is uncompressed; PutMetricData takes 1 MB."""
_GZIP = 16 + zlib.MAX_WBITS
_ENCODING = "content-encoding"


def opened(request: ApiRequest, environ: dict[str, Any]) -> dict[str, Any]:
    """The request with its body uncompressed; as it came when it is not compressed, or not with
    gzip.

    S3's objects keep their encoding: there, it belongs to the object.
    """
    is_called = request.method == "POST" and request.service != "s3"
    if not is_called or request.headers.get(_ENCODING) != "gzip":
        return environ
    stream = zlib.decompressobj(_GZIP)
    try:
        body = stream.decompress(request.body, _BYTES)
    except zlib.error:
        return environ
    if not stream.eof:
        return environ
    kept = {name: value for name, value in environ.items() if name != "HTTP_CONTENT_ENCODING"}
    return {
        **kept,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        FIELDS: [(name, value) for name, value in request.fields if name.lower() != _ENCODING],
    }
