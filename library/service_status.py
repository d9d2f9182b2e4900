#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: service_status
short_description: Read the status of one instance of the recommendation service
description:
  - Requests the server's C(/status) through the load balancer until a reply is the given
    instance's and as expected. The load balancer sends requests to its targets in turn.
  - What an instance says about itself is not visible to AWS, for example that its metadata service
    has no credentials for it.
author:
  - The contributors of this project
options:
  url:
    description: Where the service is. C(status) is added to it.
    type: str
    required: true
  instance_id:
    description: The id of the instance that is meant.
    type: str
    required: true
  expected:
    description:
      - Parts of the status that are expected, nested as in the reply. What is not named may be
        anything.
    type: dict
    default: {}
  timeout_seconds:
    description: How long to repeat the request. A reboot takes seconds locally and minutes on AWS.
    type: float
    default: 300
  request_timeout_seconds:
    description: After this time a request has failed; the next one follows.
    type: float
    default: 5
attributes:
  check_mode:
    description: Requests once and does not judge.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Read what the instance reports
  service_status:
    url: http://localhost:8080/
    instance_id: i-0123456789abcdef0
  register: known

- name: Wait until its metadata service has no credentials for it
  service_status:
    url: http://localhost:8080/
    instance_id: i-0123456789abcdef0
    expected:
      role_status: 404
      settings: {failure_response: static}
"""

RETURN = r"""
status:
  description: What the instance replied; empty in check mode when another one did.
  returned: always
  type: dict
"""

import http.client
import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for

INTERVAL_SECONDS = 0.05

Status = Mapping[str, Any]


def unmet(status: Status, expected: Mapping[str, Any], within: str = "") -> list[str]:
    """What is not as expected, as "settings.failure_response: static (seen: none)"."""
    missing = []
    for name, value in expected.items():
        seen = status.get(name)
        if isinstance(value, Mapping) and isinstance(seen, Mapping):
            missing += unmet(seen, value, f"{within}{name}.")
        elif seen != value:
            missing.append(f"{within}{name}: {value} (seen: {seen})")
    return missing


def is_of(status: Status, instance_id: str) -> bool:
    return bool(status.get("identity", {}).get("instance_id") == instance_id)


def ask(url: str, timeout_seconds: float) -> Status:
    """One reply; without a readable one, empty but for the reason."""
    try:
        with urllib.request.urlopen(url, timeout=timeout_seconds) as reply:  # noqa: S310 - checked
            status = json.load(reply)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return {"error": str(error)}
    return status if isinstance(status, dict) else {"error": f"not a status: {status}"}


def failure(
    url: str, instance_id: str, expected: Mapping[str, Any], error: NotReachedError[Status]
) -> str:
    """The failed wait, readable: what was awaited, and what was heard at the end."""
    if is_of(error.last, instance_id):
        seen = f"Unmet: {', '.join(unmet(error.last, expected))}."
    else:
        seen = f"It gave no reply; the last one was {json.dumps(error.last)}."
    waited = f"within {error.waited_seconds:.0f} s"
    return f"{instance_id} did not reply at {url} as expected {waited}. {seen}"


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "instance_id": {"type": "str", "required": True},
            "expected": {"type": "dict", "default": {}},
            "timeout_seconds": {"type": "float", "default": 300},
            "request_timeout_seconds": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    options = module.params
    url, instance_id = options["url"].rstrip("/") + "/status", options["instance_id"]
    if not url.startswith(("http://", "https://")):
        module.fail_json(msg=f"{options['url']!r} is not an address; http://... is expected")
    heard: Status = {}

    def observe() -> Status:
        """The latest reply of the instance, or anyone's while it has given none."""
        nonlocal heard
        status = ask(url, options["request_timeout_seconds"])
        if is_of(status, instance_id) or not is_of(heard, instance_id):
            heard = status
        return heard

    try:
        status = wait_for(
            observe,
            lambda status: is_of(status, instance_id) and not unmet(status, options["expected"]),
            timeout_seconds=options["timeout_seconds"],
            interval_seconds=INTERVAL_SECONDS,
            check_mode=module.check_mode,
        )
    except NotReachedError as error:
        module.fail_json(msg=failure(url, instance_id, options["expected"], error))
    module.exit_json(changed=False, status=status if is_of(status, instance_id) else {})


if __name__ == "__main__":
    main()
