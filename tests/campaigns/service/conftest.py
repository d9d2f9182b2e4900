"""One deployment of the project's own template, on a local AWS of the campaigns' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_service import LiveService
from local_aws_command import LocalAws
from workplace import Workplace

DEPLOYED_SECONDS = 30.0


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    workplace = Workplace(tmp_path_factory.mktemp("a work place") / "home")
    workplace.deploy()
    yield LiveService(LocalAws(workplace.home))
    workplace.run("local-aws", "stop")


@pytest.fixture
def service(deployed: LiveService) -> LiveService:
    """Whole when a test begins, whatever the one before did."""
    deployed.await_whole(DEPLOYED_SECONDS)
    return deployed
