"""The caller's keys, and what is in the table, show nowhere while the playbooks run or afterwards.

Canaries are in the caller's environment, in a profile that it selects, and in every item of the
table. They are looked for in what is printed, in every file that is written, and in the
command line and environment of every process that is started.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign import Figures
from canaries import Canaries
from local_aws_command import LocalAws
from terminal import ROOT
from workplace import Workplace

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(900)]

RUNS = ROOT / "runs"


@pytest.fixture
def canaries(tmp_path: Path) -> Canaries:
    return Canaries(tmp_path / "home of the caller")


@pytest.fixture
def workplace(tmp_path: Path, canaries: Canaries) -> Iterator[Workplace]:
    workplace = Workplace(tmp_path / "state", canaries.environment)
    yield workplace
    workplace.run("local-aws", "stop")


def fill_table(workplace: Workplace, canaries: Canaries) -> None:
    """Put a canary into each recommendation, where it is served from."""
    dynamodb = LocalAws(workplace.home).client("dynamodb")
    (table,) = dynamodb.list_tables()["TableNames"]
    for item in dynamodb.scan(TableName=table)["Items"]:
        secret = canaries.plant(f"item {item['MediaType']['S']} {item['ItemId']['N']}")
        dynamodb.put_item(TableName=table, Item={**item, "Note": {"S": secret}})


def test_no_secret_shows(
    workplace: Workplace, canaries: Canaries, figures: Figures, full: bool
) -> None:
    runs_before = set(RUNS.glob("*"))
    commands = [
        ("local-aws", "start", "--port", "0"),
        ("ansible-playbook", "deploy.yml"),
        ("ansible-playbook", "scenario.yml", *([] if full else ["--tags", "healthy"])),
        ("ansible-playbook", "destroy.yml"),
    ]
    shown = ""
    with canaries.watch_process_list() as in_processes:
        for command in commands:
            shown += workplace.run(*command)
            if "deploy.yml" in command:
                fill_table(workplace, canaries)
        in_files = canaries.in_files(workplace.home)
        shown += workplace.run("local-aws", "stop")
    in_files += canaries.in_files(workplace.home, *(set(RUNS.glob("*")) - runs_before))
    figures.add(
        secrets=len(canaries),
        in_what_was_printed=len(canaries.in_text(shown)),
        in_files=len(in_files),
        in_the_process_list=len(in_processes),
    )
    assert canaries.in_text(shown) == []
    assert in_files == []
    assert in_processes == set()
