"""A tag that names no scenario is an error, and every scenario's file name is its tag."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
PLAYBOOKS = ROOT / "playbooks"
SCENARIOS = sorted(path.stem for path in (PLAYBOOKS / "scenarios").glob("*.yml"))
LISTED = f"The scenarios are: {', '.join(SCENARIOS)}"


def select(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook",
            PLAYBOOKS / "scenario_selection.yml",
            *arguments,
        ],
        cwd=ROOT,
        # No local AWS is needed, nor found, to tell a wrong tag.
        env=os.environ | {"ANSIBLE_NOCOLOR": "1", "LOCAL_AWS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tags", "healthy,a,b"], f"No scenario is called a, b. {LISTED}"),
        (["--skip-tags", "helthy"], f"No scenario is called helthy. {LISTED}"),
        (
            ["--tags", "healthy", "--skip-tags", "healthy"],
            f"--tags and --skip-tags leave no scenario. {LISTED}",
        ),
        (["--check"], "In check mode nothing would break and nothing be measured."),
    ],
)
def test_a_wrong_choice_is_an_error_that_says_what_to_do(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    run = select(*arguments, home=tmp_path)
    assert run.returncode != 0
    assert message in run.stdout


@pytest.mark.parametrize("arguments", [[], ["--tags", "healthy"], ["--skip-tags", "healthy"]])
def test_a_right_choice_passes(arguments: list[str], tmp_path: Path) -> None:
    run = select(*arguments, home=tmp_path)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_one_play_tagged_like_its_file(name: str) -> None:
    plays = yaml.safe_load((PLAYBOOKS / "scenarios" / f"{name}.yml").read_text())
    assert [play["tags"] for play in plays] == [[name]]


def test_the_selection_is_made_first_and_every_scenario_is_played() -> None:
    imports = [
        play["ansible.builtin.import_playbook"]
        for play in yaml.safe_load((PLAYBOOKS / "scenario.yml").read_text())
        if "ansible.builtin.import_playbook" in play
    ]
    assert imports[:2] == ["stack_selection.yml", "scenario_selection.yml"]
    assert sorted(imports[2:]) == [f"scenarios/{name}.yml" for name in SCENARIOS]
