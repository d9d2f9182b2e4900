#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: report
short_description: Write the report of a run as one HTML file
description:
  - Draws what M(observation) recorded and M(verdict) judged. The file, C(report.html) in the run's
    folder, needs no network.
  - With O(against) it also shows what has become better or worse since an older run, be it on this
    machine or on AWS.
  - It runs where ansible-playbook does, beside the records - C(action_plugins/report.py).
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
      - The folder of the run, below O(runs_directory). Without it, that of this ansible-playbook,
        or else the latest.
    type: str
  against:
    description: The folder of another run to compare with, below O(runs_directory).
    type: str
attributes:
  check_mode:
    description: Says whether the file would change, and does not write it.
    support: full
  diff_mode:
    description: The file is for people; its source says nothing.
    support: none
  idempotent:
    description: The same records give the same file.
    support: full
"""

EXAMPLES = r"""
- name: Write the latest run's report
  report:
    runs_directory: "{{ runs_directory }}"

- name: Compare it with an older run
  report:
    runs_directory: "{{ runs_directory }}"
    against: 2026-11-22T20-45-10Z
"""

RETURN = r"""
path:
  description: Where the report is.
  returned: always
  type: str
  sample: /home/user/resilience/runs/2026-11-22T20-49-08Z/report.html
summary:
  description: All scenarios of the run, as lines of text.
  returned: always
  type: list
  elements: str
regressions:
  description: How many figures are worse than those of O(against).
  returned: always
  type: int
"""
