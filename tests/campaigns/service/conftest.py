"""One deployment of the project's own template, with a static response, on its own local AWS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_service import LiveService
from local_aws_command import LocalAws, eventually
from workplace import Workplace

DEPLOYED_SECONDS = 30.0


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    workplace = Workplace(tmp_path_factory.mktemp("a work place") / "home")
    workplace.deploy()
    service = LiveService(LocalAws(workplace.home))
    # Then what fails has failed on its way: no reply depends on how fast the local AWS reads items.
    service.set_parameter("failure-response", "static")
    eventually(lambda: service.settings("failure_response") == {"static"}, DEPLOYED_SECONDS)
    yield service
    workplace.run("local-aws", "stop")


@pytest.fixture
def service(deployed: LiveService) -> LiveService:
    """Whole when a test begins, whatever the one before did."""
    deployed.await_whole(DEPLOYED_SECONDS)
    return deployed
