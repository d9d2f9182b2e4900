"""What a user gets who types something wrong: one clear line, an error status, nothing made."""

from __future__ import annotations

import socket
import time

import pytest


@pytest.mark.usefixtures("deployed")
def test_an_unknown_tag_fails_and_lists_the_valid_ones(playbook):
    run = playbook("scenario.yml", "--tags", "fail-opne")

    assert run.status != 0
    assert "fail-opne" in run.output
    assert "fail-open" in run.output
    assert "rolling-update" in run.output
    assert run.changed == 0


@pytest.mark.parametrize("name", ["deploy.yml", "scenario.yml", "destroy.yml", "status.yml"])
def test_without_a_local_aws_every_playbook_says_how_to_start_it(name, playbook, tmp_path):
    run = playbook(name, environment={"LOCAL_AWS_HOME": str(tmp_path)})

    assert run.status != 0
    assert "local-aws start" in run.output
    assert "Traceback" not in run.output


def test_a_local_aws_that_was_killed_is_told_apart_from_one_that_answers(playbook, tmp_path):
    (tmp_path / "running.json").write_text(
        '{"pid": 1, "started_at": "never", "endpoint": "http://127.0.0.1:9", "region": "us-east-1",'
        ' "access_key_id": "a", "secret_access_key": "b"}'
    )

    run = playbook("deploy.yml", environment={"LOCAL_AWS_HOME": str(tmp_path)})

    assert run.status != 0
    assert "local-aws start" in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize("name", ["scenario.yml", "status.yml"])
@pytest.mark.usefixtures("running")
def test_without_the_stack_a_playbook_says_how_to_deploy_it(name, playbook):
    run = playbook(name, "--extra-vars", "service_stack_name=never-deployed")

    assert run.status != 0
    assert "never-deployed is not deployed" in run.output
    assert "ansible-playbook deploy.yml" in run.output


@pytest.mark.usefixtures("running")
def test_a_name_that_no_load_balancer_could_have_is_refused_first(playbook):
    run = playbook("deploy.yml", "--extra-vars", f"service_stack_name={'n' * 40}")

    assert run.status != 0
    assert "32 characters" in run.output
    assert run.changed == 0


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("service_stack_ssh_cidr=anywhere", "service_stack_ssh_cidr is 'anywhere'"),
        ("service_stack_ssh_cidr=0.0.0.0/0", "a range of /8 or narrower is expected"),
        ("service_stack_external_cidr=192.0.2.7", "service_stack_external_cidr is '192.0.2.7'"),
        ("service_stack_security_group_id=sg-unknown", "service_stack_security_group_id is 'sg-un"),
        ("service_stack_security_group_id=sg-0123456789abcdef0", "no security group 'sg-01234567"),
    ],
)
@pytest.mark.usefixtures("running")
def test_who_may_reach_the_service_is_checked_before_anything_is_made(setting, expected, playbook):
    run = playbook("deploy.yml", "--extra-vars", setting)

    assert run.status != 0
    # Ansible shows the message as YAML: quotes twice, long lines broken.
    assert expected in run.said
    assert run.changed == 0


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("", "export AWS_REGION"),
        ("europe", "aws_region is 'europe'"),
        ("us-nowhere-1", "us-nowhere-1"),
    ],
)
def test_on_aws_a_wrong_region_is_told_within_seconds(region, expected, playbook, tmp_path):
    started = time.monotonic()
    run = playbook(
        "-i",
        "inventory/aws",
        "deploy.yml",
        environment={
            "AWS_REGION": region,
            "AWS_ACCESS_KEY_ID": "AKIANOBODY0000000000",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
        },
    )

    assert run.status != 0
    assert expected in run.output
    assert "Traceback" not in run.output
    # Ansible itself needs about a second to start; the answer comes within five after that.
    assert time.monotonic() - started < 8


def test_on_aws_missing_credentials_are_told_within_seconds(playbook, tmp_path):
    started = time.monotonic()
    run = playbook(
        "-i",
        "inventory/aws",
        "deploy.yml",
        environment={
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        },
    )

    assert run.status != 0
    assert "credentials" in run.output
    assert "aws sts get-caller-identity" in run.output
    assert time.monotonic() - started < 8


def test_a_taken_port_is_named(command_line, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        answer = command_line(
            "local-aws",
            "start",
            "--port",
            str(port),
            environment={"LOCAL_AWS_HOME": str(tmp_path)},
        )

    assert answer.status != 0
    assert f"port {port}" in answer.output
    assert len(answer.output.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["env", "logs", "status"])
def test_a_command_that_needs_a_running_local_aws_says_so(command, command_line, tmp_path):
    answer = command_line("local-aws", command, environment={"LOCAL_AWS_HOME": str(tmp_path)})

    assert answer.status != 0
    assert "local-aws start" in answer.output
    assert len(answer.output.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["run", "against"])
@pytest.mark.parametrize("value", ["../../etc", "nonexistent"])
@pytest.mark.parametrize("playbook_name", ["report.yml", "scenario.yml"])
def test_a_run_that_is_none_is_refused_before_an_aws_is_looked_for(
    name, value, playbook_name, playbook, tmp_path
):
    no_local_aws = {"LOCAL_AWS_HOME": str(tmp_path)}

    run = playbook(playbook_name, "-e", f"{name}={value}", environment=no_local_aws)

    assert run.status != 0
    assert f"{name} is '{value}'; a run in " in run.said
    assert "local-aws start" not in run.output
    assert run.output.count("fatal:") == 1
    assert "Traceback" not in run.output
    assert run.changed == 0
