"""What the caller's environment says about AWS does not reach a play on the local AWS.

Every variable that names a server names a trap; a play must work, and the trap must stay empty. On
AWS, what would send a play to another server is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from caller import Caller
from campaign import FULL, Figures
from trap import Trap

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]

SERVICES = (
    *("AUTO_SCALING", "CLOUDFORMATION", "DYNAMODB", "EC2", "ELASTIC_LOAD_BALANCING_V2"),
    *("IAM", "SSM", "STS"),
)
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


ENVIRONMENTS = {
    "missing credentials": {"HOME": "{home}"},
    "a profile that does not exist": {"AWS_PROFILE": "nobody"},
    "a profile with an endpoint": {"AWS_CONFIG_FILE": "{home}/config", "AWS_PROFILE": "trapped"},
    "proxies": dict.fromkeys(PROXIES, "{trap}"),
    "an endpoint": {"AWS_ENDPOINT_URL": "{trap}"},
    "an endpoint for each service": {f"AWS_ENDPOINT_URL_{name}": "{trap}" for name in SERVICES},
    "endpoints that are ignored": {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
    "another region": {"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "eu-north-1"},
    "other certificates": {"AWS_CA_BUNDLE": "/none", "REQUESTS_CA_BUNDLE": "/none"},
    "other keys": {"AWS_ACCESS_KEY_ID": "AKIAOTHERS", "AWS_SECRET_ACCESS_KEY": "others"},
}
"""`{home}` and `{trap}` stand for the caller's home and the trap's URL."""

ALL_AT_ONCE = "all at once"
ENVIRONMENTS[ALL_AT_ONCE] = {
    variable: value for each in ENVIRONMENTS.values() for variable, value in each.items()
}


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap() as trap:
        yield trap


def environment(name: str, home: Path, trap: Trap) -> dict[str, str]:
    (home / "config").write_text(f"[profile trapped]\nendpoint_url = {trap.url}\n")
    return {
        variable: value.format(home=home, trap=trap.url)
        for variable, value in ENVIRONMENTS[name].items()
    }


@pytest.mark.parametrize("name", ENVIRONMENTS if FULL else [ALL_AT_ONCE])
def test_a_local_play_works_and_talks_to_nobody_else(
    name: str, deployed: Path, tmp_path: Path, trap: Trap, figures: Figures
) -> None:
    caller = Caller(deployed, environment(name, tmp_path, trap))

    typed = caller.type("ansible-playbook", "status.yml")

    figures.count("environments")
    figures.count("caught_by_the_trap", len(trap.caught))
    assert typed.status == 0, typed.output
    assert typed.output.count("state: healthy") == 3
    assert trap.caught == []


@pytest.mark.parametrize("name", ["an endpoint", "an endpoint for each service"][: 1 + FULL])
def test_a_play_on_aws_says_that_it_would_be_sent_elsewhere(
    name: str, tmp_path: Path, trap: Trap
) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIANOBODYS", "AWS_SECRET_ACCESS_KEY": "nobodys"}
    region = {"AWS_REGION": "us-east-1"}
    caller = Caller(tmp_path / "none", environment(name, tmp_path, trap) | keys | region)

    typed = caller.type("ansible-playbook", "-i", "inventory/aws", "status.yml")

    assert typed.status != 0
    assert "AWS_ENDPOINT_URL" in typed.output
    assert "Traceback" not in typed.output
    assert trap.caught == []
