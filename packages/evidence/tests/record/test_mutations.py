"""What a run has changed is found again without the play that did it."""

from pathlib import Path

from evidence.record.boundary import journal_boundary
from evidence.record.journal import journal
from evidence.record.mutations import Mutation, last_run, open_mutations
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import create_run

OWNER = ProcessIdentity(1, "then")
CHANGE = {
    "operation": "cloudformation:UpdateStack",
    "resource": "demo",
    "before": {"SSMTableName": ""},
    "after": {"SSMTableName": "unknown"},
}


def test_the_last_run_of_a_stack_is_found_by_name_and_arn(tmp_path: Path) -> None:
    assert last_run(tmp_path, "demo", "arn:1") is None
    first = create_run(OWNER, tmp_path, stack={"name": "demo", "arn": "arn:1"})
    create_run(OWNER, tmp_path, stack={"name": "other", "arn": "arn:2"})
    again = create_run(OWNER, tmp_path, stack={"name": "demo", "arn": "arn:3"})
    create_run(OWNER, tmp_path)
    assert last_run(tmp_path, "demo", "arn:1") == first
    assert last_run(tmp_path, "demo", None) == again
    assert last_run(tmp_path, "demo", "arn:4") is None


def test_only_what_the_last_observation_has_changed_is_open(tmp_path: Path) -> None:
    folder = create_run(OWNER, tmp_path)
    assert open_mutations(folder) == []
    journal_boundary(folder, "first", "started", settings={})
    journal(folder.journal, "first", "mark", mark="fault", mutations=[{**CHANGE, "before": {}}])
    journal_boundary(folder, "first", "stopped")
    assert len(open_mutations(folder)) == 1
    journal_boundary(folder, "second", "started", settings={})
    assert open_mutations(folder) == []
    at = journal(folder.journal, "second", "mark", mark="fault", mutations=[CHANGE, CHANGE])
    assert open_mutations(folder) == [Mutation(at, "second", **CHANGE)] * 2


def test_what_is_torn_or_of_another_kind_is_left_out(tmp_path: Path) -> None:
    folder = create_run(OWNER, tmp_path, stack={"name": "demo", "arn": "arn:1"})
    at = journal(folder.journal, "first", "mark", mark="fault", mutations=[CHANGE])
    with folder.journal.open("ab") as file:
        file.write(b'3\n"started"\nnull\n{}\n\x00\xff\n')
        for mutations in ("3", "[3]", "[{}]", '[{"operation": 1, "resource": 2, "before": 3}]'):
            file.write(
                b'{"at":1,"scenario":"s","event":"mark","mutations":%s}\n' % mutations.encode()
            )
        file.write(b'{"at":2,"scenario":"s","event":"mark","mutations":[{"operation":"torn')

    assert open_mutations(folder) == [Mutation(at, "first", **CHANGE)]

    folder.journal.unlink()
    assert open_mutations(folder) == []
    for facts in ("", "[]", '{"stack": "demo"}'):
        folder.run.write_text(facts)
        assert last_run(tmp_path, "demo", "arn:1") is None
