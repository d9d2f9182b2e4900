"""The hosts that a play is on, before it is played."""

from __future__ import annotations

from ansible.errors import AnsibleError
from ansible.inventory.host import Host
from ansible.playbook.play import Play


def hosts_of(play: Play) -> list[Host]:
    """None where the inventory has no such host and no such group, which Ansible says itself."""
    inventory = play.get_variable_manager()._inventory
    try:
        hosts: list[Host] = inventory.get_hosts(play.hosts)
    except AnsibleError:  # so ansible.cfg has it, by host_pattern_mismatch
        return []
    return hosts
