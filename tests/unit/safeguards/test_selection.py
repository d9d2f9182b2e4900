"""Tags that name nothing, or leave nothing, are an error."""

import pytest

from safeguards.selection import wrong_tags

SCENARIOS = [{"always"}, {"healthy"}, {"fail-open"}]
UNTAGGED = [{"always"}, set()]
WATCH: list[set[str]] = [{"always"}, set(), {"never", "stop"}]


@pytest.mark.parametrize(
    ("run", "skip", "plays"),
    [
        (["all"], [], SCENARIOS),
        (["healthy"], [], SCENARIOS),
        (["all"], ["healthy"], SCENARIOS),
        (["all"], ["molecule-notest", "notest"], SCENARIOS),
        (["all"], [""], SCENARIOS),
        (["all"], [], UNTAGGED),
        (["untagged"], [], UNTAGGED),
    ],
)
def test_right_tags(run: list[str], skip: list[str], plays: list[set[str]]) -> None:
    assert wrong_tags(run, skip, plays) is None


@pytest.mark.parametrize(
    ("run", "skip", "plays", "expected"),
    [
        (["fail-opne"], [], SCENARIOS, "has the tag fail-opne; did you mean fail-open? The tags"),
        (["healthy", "a", "b"], [], SCENARIOS, "No play has the tag a, b. The tags are: fail-open"),
        (["all"], ["helthy"], SCENARIOS, "has the tag helthy; did you mean healthy?"),
        (["healthy"], ["healthy"], SCENARIOS, "leave nothing to play"),
        (["all"], ["healthy", "fail-open"], SCENARIOS, "leave nothing to play"),
        (["always"], [], SCENARIOS, "leave nothing to play"),
        (["all"], ["always"], SCENARIOS, "would leave out the preflight"),
        ([""], [], SCENARIOS, "--tags is empty. Leave it out"),
        (["healthy", ""], [], SCENARIOS, "--tags is empty. Leave it out"),
        (["x"], [], UNTAGGED, "No play has the tag x. This playbook has no tags"),
        (["tagged"], [], UNTAGGED, "leave nothing to play"),
        (["never"], [], UNTAGGED, "leave nothing to play"),
        (["all"], ["untagged"], UNTAGGED, "leave nothing to play"),
        (["stpo"], [], WATCH, "did you mean stop? The tags are: stop"),
    ],
)
def test_wrong_tags(run: list[str], skip: list[str], plays: list[set[str]], expected: str) -> None:
    assert expected in str(wrong_tags(run, skip, plays))
