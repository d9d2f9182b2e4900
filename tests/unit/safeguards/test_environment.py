"""What of the caller's environment may reach a local play, what may not reach one on AWS, and which
AWS a play's own environment names."""

import pytest

from safeguards.environment import (
    aws_refusal,
    client_arguments,
    forbidden,
    is_allowed,
    local_refusal,
    other_servers,
    two_regions_refusal,
)

LEADS_ELSEWHERE = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_CLOUDFORMATION",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_CA_BUNDLE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_ACCESS_KEY_ID",
    "AWS_REGION",
    "BOTO_CONFIG",
    "EC2_URL",
    "http_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "no_proxy",
    "REQUESTS_CA_BUNDLE",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
]


@pytest.mark.parametrize("name", LEADS_ELSEWHERE)
def test_it_does_not_reach_a_local_play(name: str) -> None:
    assert forbidden([name, "HOME"]) == [name]


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "LC_ALL", "TERM", "ANSIBLE_CONFIG", "LOCAL_AWS_HOME", "TMPDIR"]
)
def test_it_may_stay(name: str) -> None:
    assert is_allowed(name)


@pytest.mark.parametrize(
    ("environment", "profile", "found"),
    [
        ({}, {}, []),
        ({"AWS_PROFILE": "work", "https_proxy": "http://proxy"}, {"region": "x"}, []),
        ({"AWS_ENDPOINT_URL": ""}, {}, []),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, {}, ["AWS_ENDPOINT_URL"]),
        ({"AWS_ENDPOINT_URL_SSM": "http://127.0.0.1:1"}, {}, ["AWS_ENDPOINT_URL_SSM"]),
        ({"EC2_URL": "http://127.0.0.1:1"}, {}, ["EC2_URL"]),
        ({}, {"endpoint_url": "http://x"}, ["endpoint_url in the profile"]),
        ({}, {"services": "local"}, ["services in the profile"]),
    ],
)
def test_what_sends_a_play_on_aws_to_another_server(
    environment: dict[str, str], profile: dict[str, object], found: list[str]
) -> None:
    assert other_servers(environment, profile) == found


@pytest.mark.parametrize(
    ("left", "endpoint", "said"),
    [
        (["HOME"], "http://127.0.0.1:4566", None),
        (["HOME"], "http://[::1]:4566", None),
        (["HOME", "AWS_PROFILE"], "http://127.0.0.1:4566", "has AWS_PROFILE, which must not"),
        (["HOME"], "", "is not running. Start it with: local-aws start"),
        (["HOME"], "http://192.0.2.1:4566", "which is not on this machine"),
    ],
)
def test_only_the_local_aws_answers_a_local_play(
    left: list[str], endpoint: str, said: str | None
) -> None:
    refused = local_refusal(left, {"AWS_ENDPOINT_URL": endpoint})
    assert (refused is None) == (said is None)
    assert (said or "") in (refused or "")


def test_only_aws_answers_a_play_on_aws() -> None:
    assert aws_refusal({"AWS_PROFILE": "work"}, {}) is None
    refused = str(aws_refusal({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, {}))
    assert "AWS_ENDPOINT_URL would send this play to another server than AWS" in refused


def test_names_and_policies_are_of_the_region_of_the_calls() -> None:
    assert two_regions_refusal("us-east-1", {"AWS_REGION": "us-east-1"}) is None
    assert two_regions_refusal("us-east-1", {}) is None
    refused = str(two_regions_refusal("eu-west-1", {"AWS_REGION": "us-east-1"}))
    assert refused.startswith("aws_region is 'eu-west-1', but the calls of this play go to us-east")
    assert "Leave out aws_region" in refused


def test_a_client_talks_to_the_aws_of_the_tasks() -> None:
    local = {
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "",
    }
    assert client_arguments(local) == {
        "region_name": "us-east-1",
        "endpoint_url": "http://127.0.0.1:4566",
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret",
        "aws_session_token": None,
    }


def test_on_aws_a_client_finds_credentials_as_every_other_one_does() -> None:
    arguments = client_arguments({"AWS_REGION": "eu-west-1"})
    assert arguments.pop("region_name") == "eu-west-1"
    assert set(arguments.values()) == {None}
