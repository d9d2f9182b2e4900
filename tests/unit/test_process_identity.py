"""The two packages that identify processes, each installed alone, do so by the same code."""

from __future__ import annotations

import inspect

import pytest

from evidence.record import processes as of_evidence
from local_aws.host import processes as of_local_aws


@pytest.mark.parametrize("name", ["_read_proc", "_stat_fields", "_boot_id", "_read_ps"])
def test_a_process_is_read_by_the_same_code(name: str) -> None:
    one, other = getattr(of_evidence, name), getattr(of_local_aws, name)
    assert inspect.getsource(one) == inspect.getsource(other)


@pytest.mark.parametrize("name", ["of", "is_running"])
def test_an_identity_is_compared_by_the_same_code(name: str) -> None:
    one, other = (getattr(each.ProcessIdentity, name) for each in (of_evidence, of_local_aws))
    assert inspect.getsource(one) == inspect.getsource(other)
