"""The command itself: what it says, what it starts, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from local_aws_command import CALLERS_SECRETS, LEFT_BEHIND, LocalAws, eventually, get
from process_tree import all_processes_below, listening_on

from local_aws.host.processes import ProcessIdentity

on_linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads /proc")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One that runs a service with two instances and two load balancers; tests only look at it."""
    local_aws = LocalAws(tmp_path_factory.mktemp("serving") / "a home")
    local_aws.start()
    try:
        local_aws.run_service("web", instances=2)
        local_aws.run_service("other")
        yield local_aws
    finally:
        local_aws.stop()


def is_running(pid: int) -> bool:
    return ProcessIdentity.of(pid) is not None


def test_without_a_local_aws_each_command_says_so(local_aws: LocalAws) -> None:
    for command in ("status", "env", "logs i-1", "stop --save x"):
        said = local_aws.run(*command.split(), status=1)
        assert said == ("local-aws: the local AWS is not running; start it with: local-aws start\n")
    assert "there is no log yet" in local_aws.run("logs", status=1)
    assert local_aws.run("stop") == "local AWS was not running\n"


def test_from_start_to_stop(local_aws: LocalAws) -> None:
    # A module of the current folder is not taken for one of ours.
    (local_aws.home.parent / "moto.py").write_text("raise SystemExit('the wrong moto')")
    assert local_aws.start().startswith("local AWS runs at http://127.0.0.1:")
    pid = local_aws.running["pid"]
    assert local_aws.run("stop") == "local AWS stopped\n"
    assert not is_running(pid)
    assert {entry.name for entry in local_aws.home.iterdir()} == LEFT_BEHIND


def test_started_again_it_says_that_it_runs(serving: LocalAws) -> None:
    endpoint = serving.running["endpoint"]
    assert serving.start() == f"local AWS already runs at {endpoint}, as it was started\n"


@pytest.mark.parametrize("words", [(), ("--foreground",)])
def test_a_taken_port_is_named_and_nothing_is_left(
    local_aws: LocalAws, words: tuple[str, ...]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = ("start", "--port", str(port), *words)
        said = local_aws.run(*refused, status=1)
        assert f"port {port} on 127.0.0.1 is taken by another program" in said
        assert not local_aws.home.exists()
        local_aws.start()
        local_aws.stop()
        local_aws.run(*refused, status=1)
    assert {entry.name for entry in local_aws.home.iterdir()} == LEFT_BEHIND, "was there before"
    assert local_aws.run("stop") == "local AWS was not running\n"


def test_a_folder_that_was_there_before_a_failed_start_is_as_it_was(local_aws: LocalAws) -> None:
    local_aws.home.mkdir()
    said = local_aws.run("start", "--load", "/no/such/file", status=1)
    assert said == "local-aws: /no/such/file cannot be read: No such file or directory\n"
    assert list(local_aws.home.iterdir()) == []


def test_a_command_without_a_local_aws_says_which_folder_a_relative_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    local_aws = LocalAws(Path("a home"))
    for command, status in (("status", 1), ("stop", 0)):
        said = local_aws.run(command, status=status)
        assert f" in {tmp_path / 'a home'}, which LOCAL_AWS_HOME='a home' names here" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--image-program", "/no/such --program"), "'/no/such' is no program of this machine"),
        (("--image-program", "serve 'half"), "cannot be split into words"),
        (("--port", "http"), "'http' is not a port"),
        (("--region", "mars"), "'mars' is no region of AWS; one such as us-east-1 is expected"),
        (("--region", ""), "'' is no region of AWS"),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(
    local_aws: LocalAws, words: tuple[str, ...], says: str
) -> None:
    said = local_aws.run("start", *words, status=2)
    assert said.startswith("local-aws start: argument --")
    assert says in said
    assert said.count("\n") == 1
    assert not local_aws.home.exists()


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (("start", "--prot", "1"), "local-aws start"),
        (("stop", "now"), "local-aws stop"),
        (("logs", "i-1", "--follw"), "local-aws logs"),
        (("--verison",), "local-aws"),
    ],
)
def test_an_option_that_is_none_names_the_help_that_lists_them(
    local_aws: LocalAws, words: tuple[str, ...], command: str
) -> None:
    said = local_aws.run(*words, status=2)
    assert said.startswith(f"{command}: ")
    assert said.endswith(f"(see: {command} --help)\n")
    assert said.count("\n") == 1


def test_instances_without_cloud_config_run_the_image_program(local_aws: LocalAws) -> None:
    serve = "import http.server as h, os; h.HTTPServer((os.environ['LISTEN_ADDRESS'], "
    serve += "int(os.environ['PORT'])), h.SimpleHTTPRequestHandler).serve_forever()"
    local_aws.start("--image-program", shlex.join([sys.executable, "-c", serve]))
    local_aws.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    instance = eventually(lambda: (i := local_aws.status()["instances"][0])["port"] and i)
    assert eventually(lambda: get(f"http://127.0.0.1:{instance['port']}/")[0]) == 200


def test_an_unkind_one_is_late_and_strict(local_aws: LocalAws) -> None:
    local_aws.start("--unkind")
    ec2, elbv2 = local_aws.client("ec2"), local_aws.client("elbv2")
    subnets = ec2.describe_subnets()["Subnets"]

    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    with pytest.raises(ClientError, match=r"InvalidInstanceID\.NotFound"):
        ec2.describe_instances(InstanceIds=[launched[0]["InstanceId"]])

    made = elbv2.create_load_balancer(
        Name="late", Subnets=[subnet["SubnetId"] for subnet in subnets]
    )
    assert made["LoadBalancers"][0]["State"]["Code"] == "provisioning"
    with pytest.raises(ClientError, match="value greater than or equal to 5"):
        elbv2.create_target_group(
            Name="hasty",
            Protocol="HTTP",
            Port=80,
            VpcId=subnets[0]["VpcId"],
            HealthCheckIntervalSeconds=1,
        )


def test_after_a_killed_one_it_says_what_is_lost(local_aws: LocalAws) -> None:
    assert "was killed" not in local_aws.start()
    daemon = ProcessIdentity.of(local_aws.running["pid"])
    assert daemon
    os.kill(daemon.pid, signal.SIGKILL)
    eventually(lambda: not daemon.is_running())

    said = local_aws.start()

    assert said.startswith("the local AWS before this one was killed: its stacks, data and inst")
    assert "local AWS runs at" in said


def test_of_two_starts_at_once_one_wins(local_aws: LocalAws) -> None:
    starts = [local_aws.popen("start", "--port", "0") for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in starts]
    statuses = sorted(process.returncode for process in starts)
    said = "".join(output + errors for output, errors in answers)
    assert statuses in ([0, 0], [0, 1]), said
    assert said.count("local AWS runs at") == 1
    assert "already" in said
    assert get(local_aws.running["endpoint"], Host="127.0.0.1")[0] != 0


def test_env_is_for_a_shell_and_for_programs(serving: LocalAws) -> None:
    running = serving.running
    shell = subprocess.run(
        ["/bin/sh", "-c", serving.run("env") + "env"],
        env=serving.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    variables = dict(line.partition("=")[::2] for line in shell.stdout.splitlines())
    assert variables["AWS_ENDPOINT_URL"] == running["endpoint"]
    assert variables["AWS_SECRET_ACCESS_KEY"] == running["secret_access_key"]
    assert variables.keys().isdisjoint({"AWS_PROFILE", "AWS_SESSION_TOKEN"})
    as_json = json.loads(serving.run("env", "--json"))
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        assert (variables[name], as_json[name]) == ("us-east-1", "us-east-1")


def test_env_lets_calls_that_prefix_the_host_find_it(serving: LocalAws) -> None:
    """AWS SDKs and Tools Reference Guide, "Host prefix injection"."""
    script = (
        "import boto3\n"
        "client = boto3.client('servicediscovery')\n"
        "client.discover_instances(NamespaceName='absent', ServiceName='absent')\n"
    )
    python = shlex.join([sys.executable, "-c", script])
    asked = subprocess.run(
        ["/bin/sh", "-c", serving.run("env") + python],
        env=serving.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NamespaceNotFound" in asked.stderr


def test_status_shows_what_there_is(serving: LocalAws) -> None:
    report = serving.status()
    assert [balancer["name"] for balancer in report["load_balancers"]] == ["web", "other"]
    for balancer in report["load_balancers"]:
        assert get(balancer["url"])[0] == 200
        assert balancer["listeners"] == [{"port": 80, "url": balancer["url"]}]
    assert sorted(len(group["targets"]) for group in report["target_groups"]) == [1, 2]
    assert len(report["instances"]) == 3
    assert all(is_running(instance["pid"]) for instance in report["instances"])
    table = serving.run("status")
    for row in (*report["load_balancers"], *report["instances"]):
        assert row.get("url", row.get("id")) in table


def test_logs_are_the_daemons_or_an_instances(serving: LocalAws) -> None:
    instance = serving.status()["instances"][0]["id"]
    assert "serving at http://127.0.0.1:" in serving.run("logs")
    assert f"boot 1 of {instance}" in serving.run("logs", instance)
    unknown = serving.run("logs", "i-unknown", status=1)
    assert "no instance i-unknown runs here" in unknown
    assert instance in unknown


def test_its_folder_and_files_are_for_the_user_only(serving: LocalAws) -> None:
    assert serving.home.stat().st_mode & 0o777 == 0o700
    for path in serving.home.rglob("*"):
        assert path.is_symlink() or path.stat().st_mode & 0o077 == 0, path


@on_linux
def test_the_callers_credentials_reach_no_process_and_no_file(serving: LocalAws) -> None:
    secrets = [value.encode() for value in CALLERS_SECRETS.values()]
    daemon = serving.running["pid"]
    for pid in (daemon, *all_processes_below(daemon)):
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert not [secret for secret in secrets if secret in environment], pid
    for path in serving.home.rglob("*"):
        if path.is_file():
            assert not [secret for secret in secrets if secret in path.read_bytes()], path


@on_linux
def test_every_port_is_known_and_those_of_aws_refuse_web_pages(serving: LocalAws) -> None:
    report = serving.status()
    daemon = report["pid"]
    services = {instance["port"] for instance in report["instances"]}
    services |= {int(each["url"].split(":")[2].strip("/")) for each in report["load_balancers"]}
    opened = set().union(*(listening_on(pid) for pid in all_processes_below(daemon)))
    assert opened == {("127.0.0.1", port) for port in services}
    own = listening_on(daemon)
    assert len(own) == 1 + len(report["instances"])  # AWS's APIs, and each instance's metadata
    for _, port in own:
        url = f"http://127.0.0.1:{port}/latest/meta-data/"
        assert get(url, Host=f"rebound.example:{port}")[0] == 403
        assert get(url, Origin="https://page.example")[0] in (401, 403)
        assert get(url, Host=f"127.0.0.1:{port}")[0] != 403
