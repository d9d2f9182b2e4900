"""What the command line says arrives at the daemon."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from local_aws import command_line
from local_aws.daemon_settings import DaemonSettings
from local_aws.host.processes import ProcessIdentity

ALL = DaemonSettings(
    port=0,
    region="eu-west-1",
    with_process=ProcessIdentity(1, "once"),
    load=Path("/a \udcff file"),
    skip_custom_resources=True,
    signal_for_user_data=True,
    unkind=True,
    image_program=["serve", "it's"],
)


@pytest.mark.parametrize("settings", [DaemonSettings(4566, "us-east-1"), ALL], ids=["few", "all"])
def test_settings_arrive_as_they_were(settings: DaemonSettings) -> None:
    arrived = DaemonSettings.from_json(settings.to_json())
    assert arrived == replace(settings, image_program=list(settings.image_program))


def test_options_are_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["local-aws", "start", "--load", "saved", "--unkind"])
    assert DaemonSettings.chosen(vars(command_line.parse())) == DaemonSettings(
        port=4566,
        region="us-east-1",
        load=tmp_path / "saved",
        unkind=True,
        image_program=[],
    )
