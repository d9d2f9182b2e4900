"""A local AWS for each campaign."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local_aws_command import LocalAws


@pytest.fixture
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    local_aws = LocalAws(tmp_path_factory.mktemp("local-aws") / "home")
    local_aws.start()
    yield local_aws
    local_aws.stop()
