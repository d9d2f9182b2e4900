"""A page's configuration, as watch.yml would make it for a local AWS that is not there."""

from pathlib import Path

import pytest

from evidence.observe.reply_shape import ReplyShape
from live_page.configuration import PageConfig
from local_aws.host.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> PageConfig:
    """Its runs directory is empty."""
    return PageConfig(
        stack_name="demo",
        region="us-east-1",
        backend="local",
        endpoint="",
        checkout=str(ROOT),
        runs_directory=str(tmp_path_factory.mktemp("runs")),
        port=free_port(),
        token="the token",
        command=("ansible-playbook", "--limit", "demo"),
        read_only="",
        reply_shape=ReplyShape(),
    )
