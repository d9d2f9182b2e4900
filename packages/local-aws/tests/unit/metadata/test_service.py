"""IMDSv2 over real HTTP, and boto3 as its most important client."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import botocore.session
import pytest
from crowd import answer, crowd
from other_user import needs_root, run_as_nobody

from local_aws.contract.credentials import RoleCredentials
from local_aws.contract.desired_state import Instance
from local_aws.metadata.service import MetadataService

TTL = "X-aws-ec2-metadata-token-ttl-seconds"
TOKEN = "X-aws-ec2-metadata-token"
INSTANCE = Instance("i-1", "us-east-1", "us-east-1a", "172.31.0.1", "ami-1", "t3.micro", b"", 1)
CREDENTIALS = RoleCredentials(
    "role", "arn", "AIPA", "ASIA1", "secret", "token", datetime.now(UTC) + timedelta(hours=6)
)

Answer = tuple[int, dict[str, str], bytes]


class Imds:
    def __init__(self) -> None:
        self.credentials: RoleCredentials | None = CREDENTIALS
        self.service = MetadataService(lambda _: self.credentials)
        self.endpoint = self.service.endpoint("i-1")
        self.address = urlsplit(self.endpoint).netloc
        self.port = int(self.address.rpartition(":")[2])
        self.service.serve(INSTANCE)

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(self.address, timeout=5)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def token(self) -> str:
        return self.ask("PUT", "/latest/api/token", **{TTL: "60"})[2].decode()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **{TOKEN: self.token()}, **headers)


@pytest.fixture
def imds() -> Iterator[Imds]:
    imds = Imds()
    yield imds
    imds.service.stop()


def test_token_then_data(imds: Imds) -> None:
    status, headers, body = imds.get("/latest/meta-data/instance-id")
    assert (status, body) == (200, b"i-1")
    assert 0 < int(headers[TTL]) <= 60


@pytest.mark.parametrize("ttl", ["0", "21601", "-1", "x", "", "6e1", "٣"])
def test_token_needs_a_valid_ttl(imds: Imds, ttl: str) -> None:
    headers = {TTL: ttl.encode().decode("latin-1")}
    assert imds.ask("PUT", "/latest/api/token", **headers)[0] == 400


def test_token_without_ttl(imds: Imds) -> None:
    assert imds.ask("PUT", "/latest/api/token")[0] == 400


@pytest.mark.parametrize("headers", [{}, {TOKEN: "x"}])
def test_no_data_without_a_valid_token(imds: Imds, headers: dict[str, str]) -> None:
    assert imds.ask("GET", "/latest/meta-data/instance-id", **headers)[0] == 401


def test_an_error_has_a_page(imds: Imds) -> None:
    """As users of AWS report it (awslabs/amazon-eks-ami 594): XHTML, titled by the status."""
    path = "/latest/meta-data/instance-id"
    answers = {
        "401 - Unauthorized": imds.ask("GET", path),
        "404 - Not Found": imds.get("/latest/meta-data/unknown"),
    }
    for title, (status, headers, body) in answers.items():
        assert title.startswith(str(status))
        assert headers["Content-Type"] == "text/html"
        page = ElementTree.fromstring(body)  # noqa: S314 - it is ours
        of = {"": "http://www.w3.org/1999/xhtml"}
        assert page.findtext("head/title", namespaces=of) == title
        assert page.findtext("body/h1", namespaces=of) == title


def test_the_page_of_an_error_is_no_answer_to_head(imds: Imds) -> None:
    """RFC 9110, "HEAD": the length of what GET would give, without it."""
    _, headers, body = imds.ask("HEAD", "/latest/meta-data/instance-id")
    assert body == b""
    assert int(headers["Content-Length"]) > 0


def test_version_1_needs_no_token(imds: Imds) -> None:
    """EC2 user guide, "Configure the Instance Metadata Service options": HttpTokens optional; a
    token that is sent must be valid all the same."""
    imds.service.serve(replace(INSTANCE, metadata_needs_token=False))

    status, headers, body = imds.ask("GET", "/latest/meta-data/instance-id")
    assert (status, body) == (200, b"i-1")
    assert TTL not in headers
    assert imds.get("/latest/meta-data/instance-id")[2] == b"i-1"
    assert imds.ask("GET", "/latest/meta-data/instance-id", **{TOKEN: "x"})[0] == 401
    assert imds.ask("GET", "/latest/meta-data/unknown")[0] == 404

    imds.service.serve(INSTANCE)
    assert imds.ask("GET", "/latest/meta-data/instance-id")[0] == 401


def test_token_of_another_instance(imds: Imds) -> None:
    other = Imds()
    try:
        assert other.ask("GET", "/latest/meta-data/", **{TOKEN: imds.token()})[0] == 401
    finally:
        other.service.stop()


def test_request_through_a_proxy_gets_no_token(imds: Imds) -> None:
    headers = {TTL: "60", "X-Forwarded-For": "10.0.0.1"}
    assert imds.ask("PUT", "/latest/api/token", **headers)[0] == 403


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Host": ""}, {"Origin": "http://evil.example"}]
)
def test_web_pages_are_refused(imds: Imds, headers: dict[str, str]) -> None:
    assert imds.ask("PUT", "/latest/api/token", **{TTL: "60"}, **headers)[0] == 403
    assert imds.get("/latest/meta-data/", **headers)[0] == 403


def test_nothing_is_answered_while_it_is_turned_off(imds: Imds) -> None:
    """EC2 user guide, "Configure the Instance Metadata Service options": HttpEndpoint disabled."""
    token = imds.token()

    imds.service.serve(replace(INSTANCE, metadata_enabled=False))
    off = imds.ask("GET", "/latest/meta-data/instance-id", **{TOKEN: token})[0]
    no_token = imds.ask("PUT", "/latest/api/token", **{TTL: "60"})[0]
    imds.service.serve(INSTANCE)

    assert (off, no_token) == (403, 403)
    assert imds.ask("GET", "/latest/meta-data/instance-id", **{TOKEN: token})[0] == 200


def test_unknown_paths_and_methods(imds: Imds) -> None:
    assert imds.get("/latest/meta-data/unknown")[0] == 404
    assert imds.ask("PUT", "/latest/meta-data/instance-id", **{TTL: "60"})[0] == 404
    assert imds.ask("POST", "/latest/api/token")[0] == 405


def test_boto3_finds_the_role(imds: Imds, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.endpoint)
    credentials = botocore.session.get_session().get_credentials()
    frozen = credentials.get_frozen_credentials()
    assert (frozen.access_key, frozen.secret_key, frozen.token) == ("ASIA1", "secret", "token")
    imds.credentials = None
    assert botocore.session.get_session().get_credentials() is None


def test_removed_profile_is_gone_at_once(imds: Imds) -> None:
    path = "/latest/meta-data/iam/security-credentials/"
    assert imds.get(path)[0] == 200
    imds.credentials = None
    assert imds.get(path)[0] == 404
    assert imds.get(path + "role")[0] == 404


def test_withdrawn_instance_is_not_answered_for_and_can_come_back(imds: Imds) -> None:
    imds.service.withdraw("i-1")

    def refused() -> bool:
        try:
            imds.token()
        except OSError:
            return True
        return False

    deadline = threading.Event()
    for _ in range(200):
        if refused():
            break
        deadline.wait(0.01)
    assert refused()
    imds.service.serve(INSTANCE)
    assert imds.service.endpoint("i-1") == imds.endpoint
    assert imds.get("/latest/meta-data/instance-id")[0] == 200


def test_a_body_is_ignored_and_no_request_of_its_own(imds: Imds) -> None:
    token = imds.token()
    smuggled = b"GET /latest/meta-data/ HTTP/1.1\r\n\r\n"
    head = (
        f"GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: {imds.address}\r\n"
        f"{TOKEN}: {token}\r\nContent-Length: {len(smuggled)}\r\n\r\n"
    )
    text = answer(imds.port, head.encode() + smuggled)
    assert text.count(b"HTTP/1.1") == 1
    assert text.endswith(b"\r\n\r\ni-1")


def test_silent_and_half_sent_connections_hold_up_no_instance(imds: Imds) -> None:
    imds.service.serve(replace(INSTANCE, instance_id="i-2"))
    with crowd(imds.port):
        begun_at = time.monotonic()
        assert imds.get("/latest/meta-data/instance-id")[2] == b"i-1"
        assert time.monotonic() - begun_at < 1


def test_hundreds_of_instances_take_no_thread_each(imds: Imds) -> None:
    before = threading.active_count()
    for number in range(2, 302):
        imds.service.serve(replace(INSTANCE, instance_id=f"i-{number}"))
    assert threading.active_count() == before


_AS_NOBODY = """
url, token = sys.argv[1:]
TTL, TOKEN = "X-aws-ec2-metadata-token-ttl-seconds", "X-aws-ec2-metadata-token"
for method, path, headers in (
    ("PUT", "/latest/api/token", {TTL: "60"}),
    ("GET", "/latest/meta-data/iam/security-credentials/role", {TOKEN: token}),
    ("GET", "/latest/user-data", {TOKEN: token}),
):
    request = urllib.request.Request(url + path, method=method, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        print(opener.open(request, timeout=10).status)
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode())
"""


@needs_root
def test_another_user_of_the_machine_gets_neither_token_nor_credentials(imds: Imds) -> None:
    assert imds.get("/latest/meta-data/iam/security-credentials/role")[0] == 200
    said = run_as_nobody(_AS_NOBODY, imds.endpoint, imds.token())
    assert [line.strip() for line in said.splitlines()] == ["403", "403", "403"]


def test_survives_a_flood(imds: Imds) -> None:
    """Thousands of requests for nothing, silent and broken connections: it still answers."""
    silent = [socket.create_connection(imds.address.split(":"), timeout=5) for _ in range(100)]
    for connection in silent[::2]:
        connection.sendall(b"\x00\xff\r\n\r\n")
    token = imds.token()

    def flood(_: int) -> set[int]:
        connection = http.client.HTTPConnection(imds.address, timeout=5)
        statuses = set()
        for _ in range(100):
            connection.request("GET", "/latest/meta-data/nothing", headers={TOKEN: token})
            response = connection.getresponse()
            response.read()
            statuses.add(response.status)
        connection.close()
        return statuses

    with ThreadPoolExecutor(16) as clients:
        assert set().union(*clients.map(flood, range(16))) == {404}
    assert imds.get("/latest/meta-data/instance-id")[0] == 200
    for connection in silent:
        connection.close()
