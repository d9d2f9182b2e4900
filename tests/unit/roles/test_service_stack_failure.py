"""What is said of a stack that failed, and what is removed of one that never was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

TASKS = Path(__file__).parents[3] / "roles/service_stack/tasks/failed.yml"
READ, REMOVE, REPORT = yaml.safe_load(TASKS.read_text())
AGAIN = "lookup('playbook_command', 'deploy.yml')"
REFUSED = {"msg": "Failed to update stack one: AccessDenied", "error": {"code": "AccessDenied"}}
ENDED = {"output": "Problem with UPDATE. Rollback complete"}
LOST = {"msg": "Failed to describe stack: Connection was closed"}


def rendered(text: str, **variables: Any) -> Any:
    templar = Templar(DataLoader(), variables={"service_stack_name": "one", **variables})
    return templar.template(trust_as_template(text))


def reason(failed: dict[str, Any], state: dict[str, Any]) -> str:
    """What the report says, without the command that ends it."""
    variables = {"ansible_failed_result": failed, READ["register"]: state}
    refusal = rendered(REPORT["vars"]["__refusal"], **variables)
    message = REPORT["ansible.builtin.fail"]["msg"].replace(AGAIN, "''")
    said = " ".join(str(rendered(message, __refusal=refusal, **variables)).split())
    return said.partition(" Remove the cause")[0]


@pytest.mark.parametrize(
    ("failed", "state", "said"),
    [
        (ENDED, ("UPDATE_ROLLBACK_COMPLETE", ["Topic: taken"]), "Topic: taken."),
        (REFUSED, ("UPDATE_ROLLBACK_COMPLETE", ["yesterday's"]), f"{REFUSED['msg']}."),
        (LOST, ("UPDATE_ROLLBACK_COMPLETE", ["Topic: taken"]), "Topic: taken."),
        (LOST, ("UPDATE_COMPLETE", []), f"{LOST['msg']}."),
        (ENDED, ("CREATE_FAILED", []), f"{ENDED['output']}."),
    ],
    ids=["it rolled back", "a refused call", "a lost answer", "only an answer", "no reason"],
)
def test_the_reason_is_that_of_what_failed_now(
    failed: dict[str, Any], state: tuple[str, list[str]], said: str
) -> None:
    status, reasons = state
    assert reason(failed, {"status": status, "reasons": reasons}) == (
        f"The stack one is {status}: {said}"
    )


@pytest.mark.parametrize(
    ("state", "is_removed"),
    [
        ({"status": None, "usable": False}, True),
        ({"status": "ROLLBACK_COMPLETE", "usable": False}, True),
        ({"status": "UPDATE_ROLLBACK_COMPLETE", "usable": True}, False),
        ({"status": "UPDATE_ROLLBACK_FAILED", "usable": False}, False),
        ({"failed": True, "msg": "it is CREATE_IN_PROGRESS for more than 900 s"}, False),
    ],
    ids=["never created", "not created", "rolled back", "half updated", "not at rest"],
)
def test_the_bucket_goes_where_no_instance_fetches_from_it(
    state: dict[str, Any], is_removed: bool
) -> None:
    variables = {READ["register"]: state}
    conditions = (rendered(f"{{{{ {each} }}}}", **variables) for each in REMOVE["when"])
    assert all(conditions) is is_removed
