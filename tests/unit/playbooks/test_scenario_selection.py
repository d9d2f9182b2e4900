"""Every scenario's file name is its tag, and a tag that names none is an error."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from typed_playbook import typed

ROOT = Path(__file__).resolve().parents[3]
PLAYBOOKS = ROOT / "playbooks"
SCENARIOS = sorted(path.stem for path in (PLAYBOOKS / "scenarios").glob("*.yml"))
LISTED = f"The tags are: {', '.join(SCENARIOS)}"


def play(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """No local AWS is needed, nor found, to tell a wrong tag."""
    environment = os.environ | {"ANSIBLE_NOCOLOR": "1", "LOCAL_AWS_HOME": str(home)}
    return typed(*arguments, folder=ROOT, environment=environment)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tags", "healthy,a,b"], f"No play has the tag a, b. {LISTED}"),
        (["--skip-tags", "helthy"], f"helthy; did you mean healthy? {LISTED}"),
        (["--tags", "healthy", "--skip-tags", "healthy"], f"leave nothing to play. {LISTED}"),
        (["--start-at-task", "Judge"], "--start-at-task would leave out the preflight"),
        (["--step"], "--step would leave out the preflight"),
    ],
)
def test_a_wrong_choice_is_an_error_that_says_what_to_do(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    run = play("scenario.yml", *arguments, home=tmp_path)
    assert run.returncode != 0
    assert message in run.stderr
    assert run.stdout.strip() == ""


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_one_play_tagged_like_its_file(name: str) -> None:
    plays = yaml.safe_load((PLAYBOOKS / "scenarios" / f"{name}.yml").read_text())
    assert [play["tags"] for play in plays] == [[name]]


def test_the_preflight_comes_first_and_every_scenario_is_played() -> None:
    imports = [
        play["ansible.builtin.import_playbook"]
        for play in yaml.safe_load((ROOT / "scenario.yml").read_text())
        if "ansible.builtin.import_playbook" in play
    ]
    assert imports[0] == "playbooks/preflight.yml"
    assert sorted(imports[1:]) == [f"playbooks/scenarios/{name}.yml" for name in SCENARIOS]
