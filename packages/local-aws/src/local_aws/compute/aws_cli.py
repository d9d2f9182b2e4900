"""`aws` on an instance: the two commands with which a first boot fetches its program and reports.

    aws s3api get-object --bucket NAME --key KEY FILE
    aws cloudformation signal-resource --stack-name NAME --logical-resource-id ID \
        --unique-id ID --status STATUS

It is not AWS's own, but a program of the image, so what it may do is what the instance may: it
signs with the credentials of the instance's role, from the instance's own metadata service, and
takes no others. Names, messages and exit statuses are those of the AWS CLI v2:
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

_GLOBAL = ("region", "cli-connect-timeout", "cli-read-timeout")
_GET_OBJECT = ("bucket", "key", "expected-bucket-owner")
_SIGNAL_RESOURCE = ("stack-name", "logical-resource-id", "unique-id", "status")
_WRONG_USE, _NOT_CONFIGURED, _REFUSED, _FAILED = 252, 253, 254, 255
_SECONDS = 60.0  # the AWS CLI's default for connecting and for each read


class AwsCommandError(Exception):
    """What the command prints, and the status that it exits with."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def main() -> None:
    try:
        _run(sys.argv[1:])
    except AwsCommandError as error:
        print(f"\naws: {error}", file=sys.stderr)
        sys.exit(error.status)
    except (OSError, http.client.HTTPException) as error:
        print(f"\naws: {error}", file=sys.stderr)
        sys.exit(_FAILED)


def _run(words: list[str]) -> None:
    command = " ".join(words[:2])
    if command == "s3api get-object":
        options, (file,) = _options(words[2:], _GET_OBJECT, ("outfile",))
        _get_object(options, Path(file))
    elif command == "cloudformation signal-resource":
        options, _ = _options(words[2:], _SIGNAL_RESOURCE, ())
        _signal_resource(options)
    else:
        known = "s3api get-object, cloudformation signal-resource"
        raise AwsCommandError(f"'{command}' is not on this image, which has {known}", _WRONG_USE)


def _options(
    words: list[str], known: tuple[str, ...], positional: tuple[str, ...]
) -> tuple[dict[str, str], list[str]]:
    """The values by the names of their options, and the words that belong to none."""
    options: dict[str, str] = {}
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        name = word.removeprefix("--")
        if name == word:
            others.append(word)
        elif name in (*known, *_GLOBAL):
            options[name] = next(rest, "")
        else:
            raise AwsCommandError(f"Unknown options: {word}", _WRONG_USE)
    required = [name for name in known if name != "expected-bucket-owner"]
    missing = [f"--{name}" for name in required if not options.get(name)]
    if missing or len(others) != len(positional):
        names = ", ".join([*missing, *positional[len(others) :]]) or "nothing more"
        raise AwsCommandError(f"the following arguments are required: {names}", _WRONG_USE)
    return options, others


def _get_object(options: Mapping[str, str], file: Path) -> None:
    path = f"/{options['bucket']}/{quote(options['key'])}"
    owner = options.get("expected-bucket-owner")
    headers = {"x-amz-expected-bucket-owner": owner} if owner else {}
    content = _sent("GetObject", "GET", path, b"", headers, options)
    file.write_bytes(content)
    print(f'{{"ContentLength": {len(content)}}}')


def _signal_resource(options: Mapping[str, str]) -> None:
    fields = {
        "Action": "SignalResource",
        "Version": "2010-05-15",
        "StackName": options["stack-name"],
        "LogicalResourceId": options["logical-resource-id"],
        "UniqueId": options["unique-id"],
        "Status": options["status"],
    }
    form = {"content-type": "application/x-www-form-urlencoded"}
    _sent("SignalResource", "POST", "/", urlencode(fields).encode(), form, options)


def _sent(
    operation: str,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    options: Mapping[str, str],
) -> bytes:
    """The answer's body. Raises AwsCommandError for an answer that is an error."""
    service = "s3" if operation == "GetObject" else "cloudformation"
    host = urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc
    signed = _signed(service, method, path, body, {"host": host, **headers}, _region(options))
    connect = float(options.get("cli-connect-timeout", _SECONDS))
    connection = http.client.HTTPConnection(host, timeout=connect)
    try:
        connection.connect()
        connection.sock.settimeout(float(options.get("cli-read-timeout", _SECONDS)))
        connection.request(method, path, body, signed)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        text = content.decode(errors="replace")
        code, message = _element("Code", text), _element("Message", text)
        raise AwsCommandError(
            f"An error occurred ({code or answer.status}) when calling the {operation} operation: "
            f"{message}",
            _REFUSED,
        )
    return content


def _signed(
    service: str, method: str, path: str, body: bytes, headers: Mapping[str, str], region: str
) -> dict[str, str]:
    """The headers with the signature.

    botocore would sign, too, but takes longer to import than all else that a first boot does.
    Source: "Create a signed AWS API request" in the IAM User Guide.
    """
    keys = _credentials()
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    digest = hashlib.sha256(body).hexdigest()
    every = {
        **headers,
        "x-amz-content-sha256": digest,
        "x-amz-date": now,
        "x-amz-security-token": keys["Token"],
    }
    names = ";".join(sorted(every))
    lines = "".join(f"{name}:{every[name]}\n" for name in sorted(every))
    request = f"{method}\n{path}\n\n{lines}\n{names}\n{digest}"
    scope = f"{now[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{keys['SecretAccessKey']}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.digest(key, part.encode(), "sha256")
    every["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys['AccessKeyId']}/{scope}, SignedHeaders={names}, "
        f"Signature={key.hex()}"
    )
    return every


def _element(name: str, text: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return found[1] if found else ""


def _credentials() -> Mapping[str, str]:
    """Those of the instance's role."""
    service = urlsplit(os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"])
    connection = http.client.HTTPConnection(service.netloc, timeout=1)
    roles = "/latest/meta-data/iam/security-credentials/"
    try:
        ttl = {"x-aws-ec2-metadata-token-ttl-seconds": "60"}
        token = {"x-aws-ec2-metadata-token": _metadata(connection, "PUT", "/latest/api/token", ttl)}
        role = _metadata(connection, "GET", roles, token)
        keys: Mapping[str, str] = json.loads(_metadata(connection, "GET", roles + role, token))
    finally:
        connection.close()
    return keys


def _metadata(
    connection: http.client.HTTPConnection, method: str, path: str, headers: Mapping[str, str]
) -> str:
    connection.request(method, path, headers=dict(headers))
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 200:
        raise AwsCommandError("Unable to locate credentials", _FAILED)
    return text


def _region(options: Mapping[str, str]) -> str:
    region = options.get("region")
    if not region:
        raise AwsCommandError("You must specify a region, with --region", _NOT_CONFIGURED)
    return region


if __name__ == "__main__":
    main()
