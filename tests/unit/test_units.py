"""systemd's own word on the units in the user data: they are valid, and little is exposed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.resilience.template_values import (
    TemplateValues,
    loaded,
    pseudo_parameters,
)
from rendered_template import rendered

EXPOSURE = 2.5  # of 10, by systemd-analyze; the server's own, with all that it needs
PROGRAMS = ("/usr/bin/python3.11", "/usr/bin/python3")

SYSTEMD_ANALYZE = shutil.which("systemd-analyze") or ""

pytestmark = pytest.mark.skipif(not SYSTEMD_ANALYZE, reason="there is no systemd-analyze here")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The folder with the units as an instance gets them; their programs are others."""
    template = loaded(rendered())
    pseudo = pseudo_parameters("resilience-demo", "us-east-1", "111122223333")
    [launch] = TemplateValues(template, {}, pseudo).resources("AWS::EC2::LaunchTemplate")
    for file in yaml.safe_load(launch["LaunchTemplateData"]["UserData"])["write_files"]:
        if file["path"].endswith(".service"):
            text = file["content"]
            for program in PROGRAMS:
                text = text.replace(program, "/bin/true")
            (tmp_path / Path(file["path"]).name).write_text(text)
    return tmp_path


def analyze(*words: str) -> str:
    done = subprocess.run(
        [SYSTEMD_ANALYZE, *words], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def test_they_are_valid(units: Path) -> None:
    files = sorted(units.glob("*.service"))
    assert len(files) == 3
    said = analyze("verify", "--man=no", "--recursive-errors=no", *map(str, files))
    assert [line for line in said.splitlines() if str(units) in line or "service:" in line] == []


def test_the_server_is_stopped_after_its_drain(units: Path) -> None:
    unit = (units / "recommendation-server.service").read_text()
    [span] = re.findall(r"^TimeoutStopSec=(.*)$", unit, re.MULTILINE)
    assert "35.500000s" in analyze("timespan", span)


def test_little_is_exposed(units: Path) -> None:
    unit = str(units / "recommendation-server.service")
    said = analyze("security", "--offline=true", "--no-pager", unit)
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", said)
    assert found, said
    assert float(found[1]) <= EXPOSURE
