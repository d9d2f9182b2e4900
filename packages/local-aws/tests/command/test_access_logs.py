"""Access logs of a real local AWS: they come when they are turned off, and are saved with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_aws_command import LocalAws, eventually, get
from log_bucket import attributes, entries, make_log_bucket

BUCKET = "logs-of-web"


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path / "home")
    local_aws.start()
    yield local_aws
    local_aws.stop()


def set_logs(local_aws: LocalAws, enabled: str) -> None:
    elbv2 = local_aws.client("elbv2")
    [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]
    elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=attributes(BUCKET, "", enabled)
    )


def is_logged(local_aws: LocalAws, url: str) -> bool:
    """Get it, and look whether Envoy has the new settings of the listener by now."""
    assert get(url)[0] == 200
    log = local_aws.home / "load_balancing" / "xds" / "requests.log"
    return log.exists() and log.stat().st_size > 0


def served(local_aws: LocalAws) -> list[str]:
    found: list[dict[str, Any]] = entries(local_aws.client("s3"), BUCKET)
    return sorted(entry["request"].split("/")[-2].split(" ")[0] for entry in found)


def test_requests_come_when_logs_are_turned_off_and_before_the_state_is_saved(
    local_aws: LocalAws, tmp_path: Path
) -> None:
    url = local_aws.run_service("web")
    make_log_bucket(local_aws.client("s3"), BUCKET)
    set_logs(local_aws, "true")
    eventually(lambda: is_logged(local_aws, f"{url}/first"))
    set_logs(local_aws, "false")
    eventually(lambda: "first" in served(local_aws))

    set_logs(local_aws, "true")
    eventually(lambda: is_logged(local_aws, f"{url}/last"))
    file = tmp_path / "saved"
    local_aws.run("stop", "--save", str(file))
    local_aws.start("--load", str(file))

    assert served(local_aws)[-1] == "last"
