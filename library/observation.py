#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: observation
short_description: Observe a service in the background while a scenario is played
description:
  - Sends requests at a fixed rate and samples target health, the Auto Scaling group, its activities
    and the stack's status, from O(state=started) until O(state=stopped), and records everything in
    the run's folder.
  - A run is one ansible-playbook process. All its scenarios are recorded in one folder below
    O(runs_directory), named after the time in UTC. Tasks find it by that process; C(latest) there
    points to the newest, for people.
  - The background process ends by itself when ansible-playbook does, and after O(limit_seconds).
    One that a killed run left behind is ended by the next start; one of a run that goes on is not.
  - Every state but V(stopped) ends the scenario, with RV(interruption), when the backend died, when
    the file C(stop) in the run's folder asks for it, or when too many requests fail.
  - Credentials come from the task's environment, as for every AWS client.
  - It runs where ansible-playbook does, to which it belongs - C(action_plugins/observation.py).
requirements:
  - evidence, the Python package that is built with the collection
author:
  - The contributors of this project
options:
  state:
    description:
      - V(started) starts the observation and returns at once; a second later requests are sent.
      - V(marked) names this moment; C(steady), C(fault) and C(settled) cut the observation into
        before, during and after, and leave out what came before C(steady). A change to the service
        is marked before it is made, with its inverse.
      - V(awaited) waits until O(until) holds for the latest O(replies) replies, all of them since
        the latest mark, then sets O(mark), if there is one, at the first of these.
      - V(stopped) stops the observation and returns when everything is on disk.
    type: str
    choices: [started, marked, awaited, stopped]
    required: true
  runs_directory:
    description: Where the folders of all runs are.
    type: path
    required: true
  scenario:
    description: The scenario's name. Needed by O(state=started).
    type: str
  url:
    description: What is requested, an HTTP URL with a host. Needed by O(state=started).
    type: str
  rate:
    description:
      - Requests a second, 0.1 to 5,000. They leave on schedule, whatever the service does.
    type: float
    default: 50
  request_timeout_seconds:
    description: After this time a request has failed.
    type: float
    default: 5
  sample_interval_seconds:
    description:
      - Time between two samples of target health and of the group. For activities and stack status
        it is four times as long, at most 4 seconds, or this interval when that is longer.
    type: float
    default: 0.25
  limit_seconds:
    description: The observation ends after this time, also when nothing stops it.
    type: float
    default: 3600
  region:
    description: The AWS region. Needed by O(state=started).
    type: str
  stack_name:
    description: The stack whose status is sampled. Needed by O(state=started).
    type: str
  stack_arn:
    description: Its ARN, for C(run.json), so that the stack's last run can be found.
    type: str
  target_group_arn:
    description: The target group whose health is sampled. Needed by O(state=started).
    type: str
  auto_scaling_group_name:
    description: The group whose instances and activities are sampled. Needed by O(state=started).
    type: str
  settings:
    description:
      - Facts about this run that its report shows, such as the backend and its versions, beside
        the Python and the machine that it runs on.
      - C(command) is how the play is run that has each scenario under a tag of its name; the report
        then says how to play one again.
    type: dict
    default: {}
  reply_shape:
    description:
      - How replies are read. Without it, every one with a status from 200 to 299 is real, and none
        says who gave it.
      - Places in a JSON body are written as JSON Pointers (RFC 6901). All of it may be left out.
      - C(statuses) are those of a good reply. C(required) are places that a good reply has, each
        with its JSON type (C(string), C(number), C(boolean), C(object), C(array)); without them it
        is V(malformed). C(static) are places with their values in the static reply.
      - C(instance), C(availability_zone) and C(release) are the places of what their names say.
    type: dict
    default: {}
  held:
    description:
      - A second, thin stream of requests, whose replies the service holds for a while, to see what
        becomes of requests in flight. Only the measure C(held_count) counts them. Without it there
        is none.
    type: dict
    suboptions:
      url:
        description: Where they are sent.
        type: str
        required: true
      rate:
        description: So many a second.
        type: float
        default: 5
      timeout_seconds:
        description: After this time such a request has failed; longer than its reply is held.
        type: float
        default: 10
  impact:
    description: What the fault does to clients. With V(errors) requests may fail after it.
    type: str
    choices: [none, errors]
    default: none
  abort_below:
    description:
      - The scenario ends when a smaller share of the requests of O(abort_seconds) succeeds, from
        the mark C(steady) on; with O(impact=errors) only until the mark C(fault).
    type: float
    default: 0.5
  abort_seconds:
    description: See O(abort_below).
    type: float
    default: 10
  mark:
    description:
      - What this moment is called. Needed by O(state=marked). With O(state=awaited) it is the
        moment since which what is awaited holds.
    type: str
  since:
    description: With O(state=marked), when O(mark) was, in seconds since the epoch. Without, now.
    type: float
  instance:
    description: With O(mark), the instance that a fault is on, when it is on one.
    type: str
  mutation:
    description: With O(mark), what is about to be changed.
    type: str
  inverse:
    description: With O(mutation), how it is restored.
    type: str
  mutations:
    description: With O(mark), each change as data, so that it can be undone without the play.
    type: list
    elements: dict
    suboptions:
      operation:
        description: The call of AWS's API, such as C(cloudformation:UpdateStack).
        type: str
        required: true
      resource:
        description: The name or ARN of what is changed.
        type: str
        required: true
      before:
        description: What is set before the change.
        type: dict
        default: {}
      after:
        description: What will be set.
        type: dict
        default: {}
  until:
    description: Claims as in M(verdict); their C(during) does not matter here.
    type: list
    elements: dict
    default: []
  replies:
    description: How many replies in a row must make O(until) hold.
    type: int
    default: 50
  timeout_seconds:
    description:
      - How long it may take, with O(state=awaited), until O(until) begins to hold. The time that
        O(replies) take is added.
    type: float
    default: 120
attributes:
  check_mode:
    description: Says whether it would start, mark or stop something, and awaits nothing.
    support: full
  diff_mode:
    description: The records are additions only; there is nothing to compare.
    support: none
  idempotent:
    description:
      - Starting what runs with the same options, and stopping what does not run, change nothing.
        Every mark is a new one.
    support: partial
"""

EXAMPLES = r"""
- name: Start observing the service
  observation:
    state: started
    runs_directory: "{{ runs_directory }}"
    scenario: broken-dependency
    url: "{{ service_url }}"
    region: "{{ aws_region }}"
    stack_name: resilience-demo
    target_group_arn: "{{ target_group_arn }}"
    auto_scaling_group_name: "{{ auto_scaling_group_name }}"
    reply_shape:
      statuses: [200]
      required: {/title: string}
      static: {/title: Nothing to recommend}
      instance: /server/name

- name: Mark the fault, before it is injected
  observation:
    state: marked
    runs_directory: "{{ runs_directory }}"
    mark: fault
    mutation: Set the table parameter to a table that does not exist
    inverse: Set the table parameter to the stack's own table

- name: Wait until every reply is an error
  observation:
    state: awaited
    runs_directory: "{{ runs_directory }}"
    until:
      - {claim: every reply is 502, measure: share, where: {status: 502}, is: 1}
    mark: settled

- name: Observe another 100 replies
  observation:
    state: awaited
    runs_directory: "{{ runs_directory }}"
    replies: 100

- name: Stop observing
  observation:
    state: stopped
    runs_directory: "{{ runs_directory }}"
"""

RETURN = r"""
run_folder:
  description: Where this run is recorded; empty in check mode and when nothing was running.
  returned: always
  type: str
  sample: /home/user/resilience/runs/2026-11-22T20-45-10Z
interruption:
  description:
    - Why the scenario must end now. V(died) is the backend, V(stopped) an operator's wish,
      V(aborted) too many failed requests, V(starved) the same on a machine that was too busy.
  returned: when the scenario must end
  type: str
since:
  description: When the latest replies began that did not make O(until) hold, with O(state=awaited).
  returned: when what is awaited did not come
  type: float
health_check:
  description: The target group's settings and what follows from them, in seconds.
  returned: when awaited
  type: dict
  contains:
    interval_seconds:
      description: Time between two health checks.
      type: int
    timeout_seconds:
      description: After this time a health check has failed.
      type: int
    healthy_threshold:
      description: Checks that must pass, one after the other, after a target was unhealthy.
      type: int
    unhealthy_threshold:
      description: Checks that must fail, one after the other.
      type: int
    eviction_seconds:
      description: The longest time from a fault to the target's being unhealthy.
      type: float
    recovery_seconds:
      description: The longest time from a repair to the target's being healthy again.
      type: float
at:
  description: The moment that was marked, in seconds since the epoch.
  returned: when a mark was set
  type: float
began_at:
  description:
    - When the task began, in seconds since the epoch. What was changed before was made by then.
  returned: always
  type: float
seen:
  description: What is awaited and what was seen, one line for each claim.
  returned: when awaited
  type: list
  elements: str
requests:
  description: How many requests were recorded.
  returned: when stopped
  type: int
success_share:
  description: The share of replies that were not errors.
  returned: when stopped
  type: float
schedule:
  description: How late requests left, how many never did, and whether the schedule was kept.
  returned: when stopped
  type: dict
"""
