"""The AWS endpoint's HTTP server."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from crowd import crowd
from moto.dynamodb.responses import DynamoHandler
from other_user import needs_root, run_as_nobody
from public_bucket import let_be_public
from stack_driver import parameter, template_body
from wired import wired

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane.endpoint.server import ControlPlaneServer, PortTakenError
from local_aws.control_plane.lock import LOCK
from local_aws.control_plane.service_connections import HOOKS

AwsClient = Any


@pytest.fixture
def connection(control_plane: ControlPlaneServer) -> Iterator[http.client.HTTPConnection]:
    address = urlsplit(control_plane.endpoint)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    yield connection
    connection.close()


def _status(connection: http.client.HTTPConnection, path: str, **headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=names)
    response = connection.getresponse()
    response.read()
    return response.status


def test_a_taken_port_is_reported_in_one_line(
    control_plane: ControlPlaneServer, administrators_key: AccessKey
) -> None:
    port = urlsplit(control_plane.endpoint).port
    assert port is not None

    with pytest.raises(PortTakenError, match=f"port {port} on 127.0.0.1 is taken") as taken:
        ControlPlaneServer(administrators_key, HOOKS, port).start()
    assert "\n" not in str(taken.value)


def test_it_listens_on_loopback_only(control_plane: ControlPlaneServer) -> None:
    """A server on every address would answer on the loopback network's second one, too."""
    port = urlsplit(control_plane.endpoint).port

    with pytest.raises(OSError, match=r"refused|assign|unreachable"):
        socket.create_connection(("127.0.0.2", port or 0), timeout=5)


def test_it_stops_and_frees_its_port(administrators_key: AccessKey) -> None:
    server = ControlPlaneServer(administrators_key, HOOKS)
    server.start()
    port = urlsplit(server.endpoint).port

    server.stop()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0), timeout=5)


def test_a_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    local_port = connection.sock.getsockname()[1]

    for _ in range(3):
        assert _status(connection, "/") == 200
        assert connection.sock is not None
        assert connection.sock.getsockname()[1] == local_port


def test_a_rebound_host_name_is_refused(connection: http.client.HTTPConnection) -> None:
    assert _status(connection, "/", Host="evil.example") == 403


def test_a_web_page_is_refused(connection: http.client.HTTPConnection) -> None:
    assert _status(connection, "/", Origin="https://evil.example") == 403
    assert _status(connection, "/", Sec_Fetch_Site="cross-site") == 403
    connection.request(
        "OPTIONS",
        "/",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    response = connection.getresponse()
    response.read()
    assert response.status == 403
    assert response.getheader("Access-Control-Allow-Origin") is None


@pytest.mark.parametrize(
    "path", ["/moto-api/reset", "/moto-api/recorder/start-recording", "/latest/meta-data/iam/"]
)
def test_what_is_no_aws_api_is_not_there(connection: http.client.HTTPConnection, path: str) -> None:
    """moto's own paths could empty the state under the daemon, or write files."""
    assert _status(connection, path) == 404


def test_a_call_that_is_not_emulated_is_refused_by_name(aws: AwsClient) -> None:
    """AWS: "Common error types", InvalidAction; clients do not retry it."""
    for service, operation, code in (
        ("ssm", "describe_activations", "UnknownOperationException"),
        ("cloudformation", "describe_account_limits", "InvalidAction"),
    ):
        with pytest.raises(ClientError, match="The local AWS does not emulate") as refused:
            getattr(aws(service), operation)()
        assert refused.value.response["Error"]["Code"] == code
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_failure_of_its_own_is_logged_and_answered(
    aws: AwsClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Any) -> None:
        raise KeyError("a moto bug")

    monkeypatch.setattr(DynamoHandler, "list_tables", fail)

    with caplog.at_level(logging.ERROR), pytest.raises(ClientError, match="InternalFailure"):
        aws("dynamodb").list_tables()
    assert "a moto bug" in caplog.text


def test_what_the_control_plane_is_wired_to_hears_of_changes_only(
    aws: AwsClient, unique_name: str
) -> None:
    heard: list[str] = []
    ssm = aws("ssm")

    with wired(on_change=lambda: heard.append("change")):
        ssm.describe_parameters()
        assert heard == []
        ssm.put_parameter(Name=f"/{unique_name}", Value="1", Type="String")
        assert heard == ["change"]
    ssm.delete_parameter(Name=f"/{unique_name}")


def test_requests_wait_for_the_lock_and_do_not_hold_it_afterwards(aws: AwsClient) -> None:
    dynamodb = aws("dynamodb")
    answered = threading.Event()

    def ask() -> None:
        dynamodb.list_tables()
        answered.set()

    with LOCK:
        threading.Thread(target=ask, daemon=True).start()
        assert not answered.wait(0.3)
    assert answered.wait(10)
    assert LOCK.acquire(timeout=5)
    LOCK.release()


def test_a_short_stack_operation_is_over_when_its_request_is_answered(
    aws: AwsClient, unique_name: str
) -> None:
    """Ansible looks at a stack each 5 seconds: the first look should find it finished."""
    cloudformation = aws("cloudformation")

    cloudformation.create_stack(
        StackName=unique_name, TemplateBody=template_body({"One": parameter("1")})
    )

    stack = cloudformation.describe_stacks(StackName=unique_name)["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    cloudformation.delete_stack(StackName=unique_name)
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName=unique_name)


def test_silent_and_half_sent_connections_hold_up_no_call(
    aws: AwsClient, control_plane: ControlPlaneServer
) -> None:
    sts = aws("sts")
    sts.get_caller_identity()  # the first one imports
    with crowd(urlsplit(control_plane.endpoint).port or 0):
        for _ in range(5):
            begun_at = time.monotonic()
            sts.get_caller_identity()
            assert time.monotonic() - begun_at < 1


_DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("service", "headers", "body", "expected"),
    [
        (
            "dynamodb",
            {"X-Amz-Target": "DynamoDB_20120810.PutItem"},
            _DEEP,
            "SerializationException",
        ),
        ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.PutItem"}, "{", "SerializationException"),
        ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.PutItem"}, "[]", "SerializationException"),
        (
            "ssm",
            {"X-Amz-Target": "AmazonSSM.PutParameter"},
            '{"Name": ' + '{"a": ' * 900 + "1" + "}" * 901,
            "SerializationException",
        ),
        ("lambda", {"Content-Type": "application/json"}, '{"a": ' * 5000, "SerializationException"),
        ("sts", {"Content-Type": "application/json"}, "Action=GetCallerIdentity", "MissingAction"),
        (
            "cloudformation",
            {"Content-Type": "application/x-www-form-urlencoded"},
            "Action=CreateStack&" + "a." * 5000 + "a=1",
            "MalformedInput",
        ),
        (
            "cloudformation",
            {"Content-Type": "application/x-www-form-urlencoded"},
            "&".join(["a=1"] * 60_000),
            "MalformedInput",
        ),
        ("sts", {"Content-Type": "application/x-www-form-urlencoded"}, "\udcff", "MalformedInput"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_the_clients_mistake(
    control_plane: ControlPlaneServer,
    administrators_key: AccessKey,
    caplog: pytest.LogCaptureFixture,
    service: str,
    headers: dict[str, str],
    body: str,
    expected: str,
) -> None:
    """ "Common errors" of the services; nothing else waits for it, and no traceback is logged."""
    payload = body.encode(errors="surrogateescape")
    key = Credentials(administrators_key.access_key_id, administrators_key.secret_access_key)
    request = AWSRequest("POST", control_plane.endpoint + "/", headers, payload)
    SigV4Auth(key, service, "us-east-1").add_auth(request)
    address = urlsplit(control_plane.endpoint)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)

    with LOCK:
        connection.request("POST", "/", payload, dict(request.headers.items()))
        response = connection.getresponse()
    text = response.read().decode()

    assert response.status == 400
    assert expected in text
    assert "Traceback" not in caplog.text
    connection.close()


_RUN_INSTANCES = """
endpoint, *keys = sys.argv[1:]
fields = {"Action": "RunInstances", "Version": "2016-11-15", "ImageId": "ami-12c6146b",
          "MinCount": "1", "MaxCount": "1", "UserData": "I2Nsb3VkLWNvbmZpZw=="}
body = urllib.parse.urlencode(fields).encode()
rest = "/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0"
signed = [{"Authorization": f"AWS4-HMAC-SHA256 Credential={key}{rest}"} for key in keys]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for url, data, headers in (
    *((endpoint, body, headers) for headers in ({}, *signed)),
    (endpoint + "/?Action=AssumeRoleWithWebIdentity", None, {}),
    (endpoint + "/public/k", None, {}),
):
    try:
        print(opener.open(urllib.request.Request(url, data, headers), timeout=10).status)
    except urllib.error.HTTPError as error:
        print(error.code)
"""


@needs_root
def test_another_user_of_the_machine_cannot_make_it_do_anything(
    aws: AwsClient, control_plane: ControlPlaneServer, administrators_key: AccessKey
) -> None:
    """Neither with any key, nor with one whose id is known, nor with what needs no signature."""
    s3 = aws("s3")
    s3.create_bucket(Bucket="public")
    let_be_public(s3, "public")
    s3.put_object(Bucket="public", Key="k", Body=b"1", ACL="public-read")
    before = aws("ec2").describe_instances()["Reservations"]

    said = run_as_nobody(
        _RUN_INSTANCES, control_plane.endpoint, "whatever", administrators_key.access_key_id
    )

    assert said.split() == ["403", "400", "400", "403", "403"]
    assert aws("ec2").describe_instances()["Reservations"] == before
    s3.delete_object(Bucket="public", Key="k")
    s3.delete_bucket(Bucket="public")
