"""How a playbook is typed for the same hosts as those of this command line, for messages."""

from __future__ import annotations

from ansible import constants, context


def playbook_command(*words: str) -> str:
    """`words` are the playbook and its options: `deploy.yml`, `-e confirm=...`."""
    typed = ["ansible-playbook"]
    inventories = list(context.CLIARGS.get("inventory") or [])
    if inventories != list(constants.DEFAULT_HOST_LIST):
        typed += [f"-i {each}" for each in inventories]
    if context.CLIARGS.get("subset"):
        typed.append(f"--limit {context.CLIARGS['subset']}")
    return " ".join([*typed, *words])
