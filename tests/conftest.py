"""What all tests share.

`module_utils/` is importable under the name modules know it by, as Ansible does for them. And a
test that fails while the hypervisor gives the processors to others is played once more: what
measures live traffic cannot tell such a machine from a slow service. Each is named at the end; a
test that fails twice has failed.
"""

from pathlib import Path

import ansible.module_utils
import pytest
from _pytest.runner import runtestprotocol

from evidence.observe.machine import ProcessorTime

ROOT = Path(__file__).resolve().parents[1]
STOLEN_LIMIT = 0.05

ansible.module_utils.__path__.append(str(ROOT / "module_utils"))


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    before = ProcessorTime.now()
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    stolen = ProcessorTime.now().stolen_share_since(before)
    if any(report.failed for report in reports) and stolen > STOLEN_LIMIT:
        item.warn(pytest.PytestWarning(f"played again: {stolen:.0%} of the processors were stolen"))
        item._initrequest()  # fixtures are made again
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
