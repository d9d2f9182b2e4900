#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: verdict
short_description: Judge a scenario's claims by what was observed
description:
  - Measures each claim in the records of M(observation) and compares it with its bound.
  - Writes the claims, what was seen, and the scenario's figures to C(verdicts.json), C(junit.xml)
    and C(chaos-journals/) in the run's folder, then fails when a claim is refuted.
  - A claim whose time the records do not cover is unjudged, neither held nor refuted, and so is
    every claim of a scenario that did not come to its end. It fails the task as well.
  - It runs where ansible-playbook does, beside the records - C(action_plugins/verdict.py).
requirements:
  - evidence, the Python package that is built with the collection
author:
  - The contributors of this project
options:
  runs_directory:
    description: Where the folders of all runs are.
    type: path
    required: true
  run:
    description:
      - The folder of the run, below O(runs_directory). Without it, that of this ansible-playbook.
    type: str
  scenario:
    description: The scenario that was observed. An observation that still runs is stopped first.
    type: str
    required: true
  hypothesis:
    description: What the scenario is to show, in one sentence.
    type: str
    default: ""
  claims:
    description:
      - Each needs C(claim) (its sentence), C(measure), and a bound, C(is), or C(at_least) and/or
        C(at_most). What is sampled must be within the bound in every sample.
      - C(during) is V(all), V(before) the fault, V(during) it until it settled, V(after) that,
        V(repair), from when it is undone, or V(restored), from when the service was in its steady
        state; or a list of these, each measured by itself.
      - C(where) selects the replies that are meant, C(among) out of which others. Both map C(kind),
        C(status), C(error), C(instance), C(availability_zone) or C(release) to a value, a list of
        values, or C({not:...}).
      - A claim with C(must_fail_in_control) proves in a negative control that it can fail.
      - An unknown measure, option or field is an error that lists the valid ones.
    type: list
    elements: dict
    required: true
  objective:
    description: The share of requests that should succeed; what may fail is the error budget.
    type: float
    default: 0.99
  negative_control:
    description:
      - The scenario was played without what makes its claims true. Then the task passes only if
        every claim with C(must_fail_in_control) was measured false.
    type: bool
    default: false
  repeats:
    description:
      - How often each claim is to be judged in one run. The same scenario, played again by the same
        ansible-playbook, is judged together with what was played before. With fewer repetitions
        than this, what held is unjudged.
    type: int
    default: 1
  attempts:
    description:
      - The task fails for an unjudged claim only when so many repetitions in a row were unjudged.
        Until then, and until there are O(repeats), it says RV(played_again), and whoever asks for
        more than one has to play the scenario again - C(callback_plugins/repetitions.py) does.
    type: int
    default: 1
  pace:
    description: At which share of its rate the scenario was played - the RV(pace) of before.
    type: float
    default: 1.0
  unsteady:
    description:
      - What was seen when the steady state did not come in time, which is a claim too. O(claims)
        are of the steady state then. All must hold, in a negative control too, which proves nothing
        without it.
    type: str
  unsteady_since:
    description: When waiting for it began.
    type: float
attributes:
  check_mode:
    description: Checks how the claims are written, and judges nothing.
    support: full
  diff_mode:
    description: The result itself is what there is to see.
    support: none
  idempotent:
    description: Judging the same observation again writes the same.
    support: full
"""

EXAMPLES = r"""
- name: Judge what was observed
  verdict:
    runs_directory: "{{ runs_directory }}"
    scenario: bad-credentials
    hypothesis: An instance without credentials serves the static response, and nobody sees an error
    claims:
      - claim: every reply of the bad instance is the static one
        measure: share
        where: {kind: static}
        among: {instance: "{{ bad_instance }}"}
        during: after
        is: 1
      - claim: all three targets stay healthy
        measure: healthy_targets
        during: after
        is: 3
"""

RETURN = r"""
run_folder:
  description: Where the run is recorded.
  returned: always
  type: str
passed:
  description: Whether every claim held; in a negative control, whether those failed that must.
  returned: when judged
  type: bool
outcome:
  description: V(passed), V(failed), or V(unjudged) when no claim came out wrong and some unjudged.
  returned: when judged
  type: str
interruption:
  description:
    - V(died), V(stopped), V(aborted) or V(starved) when the scenario did not come to its end, the
      last when it was aborted on a machine that was too busy.
  returned: when judged
  type: str
played_again:
  description: Whether another repetition is due; this one is on record, and fails nothing yet.
  returned: when judged
  type: bool
pace:
  description:
    - At which share of its rate what follows is to be played, and for as much longer. V(1), or less
      once this machine was too busy twice in a row.
  returned: when judged
  type: float
last_line:
  description: The claims that did not come out as they must, with what was seen, in one line.
  returned: when judged
  type: str
claims:
  description: The claims with what was expected and seen.
  returned: when passed, or when played again
  type: list
  elements: dict
  contains:
    claim:
      description: The sentence.
      type: str
    expected:
      description: What is measured, and its bound.
      type: str
    seen:
      description: What was measured.
      type: str
    outcome:
      description: V(held), V(refuted), or V(unjudged) when the records do not cover it.
      type: str
    must_fail_in_control:
      description: As it was given.
      type: bool
    must_hold_in_control:
      description: Whether it is of the steady state, which is claimed in a negative control too.
      type: bool
    proportion:
      description:
        - How many replies of how many in all repetitions, and the bounds of the rate behind it; or
          null.
      type: dict
    definition:
      description: The claim as it was given, without its sentence.
      type: dict
figures:
  description: The scenario's figures, as in C(verdicts.json).
  returned: when passed, or when played again
  type: dict
table:
  description: The claims as lines of text.
  returned: when passed, or when played again
  type: list
  elements: str
summary:
  description: All scenarios of the run so far, as lines of text.
  returned: when passed, or when played again
  type: list
  elements: str
"""
