"""A play is followed by itself for as long as its verdict asks for it, and no other play is."""

from types import ModuleType, SimpleNamespace
from typing import Any


def task_result(action: str, **returned: Any) -> Any:
    """The result of a task, as Ansible gives it to callbacks."""
    return SimpleNamespace(task=SimpleNamespace(action=action), result=returned)


def test_a_play_is_played_again_for_as_long_as_its_verdict_says_so(plugin: ModuleType) -> None:
    callback = plugin.CallbackModule()
    playbook = SimpleNamespace(get_plays=lambda: ["preflight", "healthy", "fail-open", "report"])
    callback.v2_playbook_on_start(playbook)
    plays = playbook.get_plays()
    assert (len(plays), plays[1]) == (4, "healthy")

    verdicts = {"healthy": [True, True, False], "fail-open": [False], "report": []}
    played = []
    for play in plays:
        callback.v2_playbook_on_play_start(play)
        played.append(play)
        if verdicts.get(play):
            again = verdicts[play].pop(0)
            callback.v2_runner_on_ok(task_result("verdict", played_again=again))
        callback.v2_runner_on_ok(task_result("debug", played_again=True))
    assert played == ["preflight", "healthy", "healthy", "healthy", "fail-open", "report"]
