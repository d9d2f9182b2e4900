#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: http_probe
short_description: Send requests to a service and count what comes back
description:
  - Sends requests at a fixed rate for a while, whatever the service does, and counts the replies.
  - Latency counts from the moment a request was due, so that a stall cannot hide a slow service.
  - Connections are kept alive; a load balancer chooses a target for each request all the same.
requirements:
  - evidence, the Python package that is built with the collection
author:
  - The contributors of this project
options:
  url:
    description: What is requested, an HTTP URL with a host.
    type: str
    required: true
  rate:
    description: Requests a second.
    type: float
    default: 10
  duration_seconds:
    description: How long requests are sent. The replies to the last ones are waited for.
    type: float
    default: 3
  request_timeout_seconds:
    description: After this time a request has failed.
    type: float
    default: 5
  reply_shape:
    description: How replies are read, as in M(observation).
    type: dict
    default: {}
  expectations:
    description:
      - Claims about the replies, written as in M(verdict); the task fails when one is refuted.
      - Only what replies show can be measured here.
    type: list
    elements: dict
    default: []
attributes:
  check_mode:
    description: Checks the URL, the expectations and the reply shape, and sends nothing.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Count what the service answers
  http_probe:
    url: http://localhost:8080/
  register: probe

- name: Check that the service gives real recommendations, quickly
  http_probe:
    url: http://localhost:8080/
    rate: 100
    duration_seconds: 5
    expectations:
      - {claim: every reply is real, measure: share, where: {kind: real}, is: 1}
      - {claim: most replies take 50 ms at most, measure: latency_p95_ms, at_most: 50}
"""

RETURN = r"""
requests:
  description: How many requests were sent.
  returned: always
  type: int
success_share:
  description: The share of replies that were not errors; none without replies.
  returned: always
  type: float
by_kind:
  description: Replies by kind, V(real), V(static) or V(error).
  returned: always
  type: dict
  sample: {real: 20, static: 10}
by_status:
  description: Replies by HTTP status.
  returned: always
  type: dict
  sample: {"200": 30}
by_error:
  description:
    - Failed requests by the status, or V(refused), V(reset), V(timeout), V(unreachable),
      V(unresolved) or V(malformed).
  returned: always
  type: dict
  sample: {"502": 3}
by_instance:
  description: Replies by the instance that gave them and by kind.
  returned: always
  type: dict
  sample: {i-0a: {real: 10}, i-0b: {static: 10}}
by_availability_zone:
  description: Replies by the Availability Zone they came from.
  returned: always
  type: dict
  sample: {us-east-1a: 15, us-east-1b: 15}
by_release:
  description: Replies by the server's release.
  returned: always
  type: dict
  sample: {1.0.0: 30}
latency_ms:
  description: Percentiles of latency from the scheduled time, C(p50), C(p95), C(p99) and C(max).
  returned: always
  type: dict
  sample: {p50: 4.1, p95: 7.9, p99: 11.3, max: 14.2}
schedule:
  description: How late requests left, how many never did, and whether the schedule was kept.
  returned: always
  type: dict
  sample: {p99_late_ms: 1.2, max_late_ms: 3.4, missed: 0, kept: true}
claims:
  description: The expectations with what was expected and seen.
  returned: always
  type: list
  elements: dict
"""

import asyncio
import time
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

try:
    from evidence.claims import judge, parse_claims
    from evidence.evidence import Evidence
    from evidence.judge.statistics import counts, percentiles, schedule, success_share
    from evidence.observe.limits import check_url
    from evidence.prober import Prober, ReplyShape, run_with_fast_loop
    from evidence.records import Reply
    from evidence.report.table import claims_table
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None


def probe(options: dict[str, Any], reply_shape: ReplyShape) -> Evidence:
    """Send the requests and return what was recorded."""
    replies: list[Reply] = []
    prober = Prober(
        options["url"],
        options["rate"],
        options["request_timeout_seconds"],
        replies.append,
        reply_shape,
    )
    started_at = time.time()
    run_with_fast_loop(prober.run(asyncio.Event(), options["duration_seconds"]))
    return Evidence(
        scenario="probe",
        started_at=started_at,
        stopped_at=time.time(),
        replies=tuple(sorted(replies, key=lambda reply: reply.scheduled_at)),
        missed=prober.missed,
    )


def summarised(evidence: Evidence) -> dict[str, Any]:
    replies = evidence.replies
    return {
        **counts(replies),
        "success_share": success_share(replies),
        "latency_ms": percentiles([reply.latency_ms for reply in replies]),
        "schedule": schedule(replies, evidence.missed),
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "rate": {"type": "float", "default": 10},
            "duration_seconds": {"type": "float", "default": 3},
            "request_timeout_seconds": {"type": "float", "default": 5},
            "reply_shape": {"type": "dict", "default": {}},
            "expectations": {"type": "list", "elements": "dict", "default": []},
        },
        supports_check_mode=True,
    )
    if MISSING is not None:
        module.fail_json(msg=missing_required_lib("evidence"), exception=str(MISSING))
    options = module.params
    try:
        check_url("url", options["url"])
        expectations = parse_claims(options["expectations"]) if options["expectations"] else []
        shape = ReplyShape.from_dict(options["reply_shape"])
        evidence = Evidence("probe", 0, 0) if module.check_mode else probe(options, shape)
        result = summarised(evidence)
        verdicts = [] if module.check_mode else [judge(each, evidence) for each in expectations]
    except ValueError as error:  # the URL, a claim, the replies' shape, a number
        module.fail_json(msg=str(error))
    result["claims"] = [asdict(verdict) for verdict in verdicts]
    if not all(verdict.held for verdict in verdicts):
        table = "\n".join(claims_table(result["claims"]))
        module.fail_json(msg=f"{options['url']} does not answer as expected:\n{table}", **result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
