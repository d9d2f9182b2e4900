# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: local_environment
type: aggregate
short_description: Keep the caller's environment out of plays on the local AWS
description:
  - A profile, a proxy, an endpoint or a certificate of the caller's would send a local play to
    another server, the real AWS included. Before anything is played, this removes from
    ansible-playbook's own environment what is not on a list of what may stay. Tasks inherit it.
  - A play on AWS keeps the environment, since its credentials come from there.
author:
  - The contributors of this project
"""

import os
from typing import Any

from ansible.playbook.play import Play
from ansible.plugins.callback import CallbackBase

from safeguards.environment import forbidden
from safeguards.played_hosts import hosts_of


def backends(plays: list[Play]) -> set[str]:
    """The backends of all hosts that are played on, as the inventory has them."""
    manager = plays[0].get_variable_manager()
    hosts = {host for play in plays for host in hosts_of(play)}
    return {str(manager.get_vars(host=host).get("backend", "")) for host in hosts} - {""}


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "local_environment"
    CALLBACK_NEEDS_ENABLED = False

    def v2_playbook_on_start(self, playbook: Any) -> None:
        if backends(playbook.get_plays()) == {"local"}:
            for name in forbidden(os.environ):
                del os.environ[name]
