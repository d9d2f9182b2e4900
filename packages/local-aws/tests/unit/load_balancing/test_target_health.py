from __future__ import annotations

import pytest

from local_aws.load_balancing import target_health
from local_aws.load_balancing.target_health import CheckHistory, FailedCheck, HostHealth, judge

CODE = FailedCheck(timed_out=False, status=503)
SILENT = FailedCheck(timed_out=True, status=None)
REFUSED = FailedCheck(timed_out=False, status=None)
UP = HostHealth(healthy=True, pending=False)
DOWN = HostHealth(healthy=False, pending=False)
NEW = HostHealth(healthy=False, pending=True)


@pytest.mark.parametrize(
    ("host", "history", "state", "reason"),
    [
        (None, CheckHistory(), "initial", "Elb.RegistrationInProgress"),
        (None, CheckHistory(False, 1, CODE), "initial", "Elb.InitialHealthChecking"),
        (NEW, CheckHistory(), "initial", "Elb.RegistrationInProgress"),
        (DOWN, CheckHistory(), "initial", "Elb.InitialHealthChecking"),
        (DOWN, CheckHistory(False, 1, CODE), "initial", "Elb.InitialHealthChecking"),
        (DOWN, CheckHistory(False, 2, CODE), "unhealthy", "Target.ResponseCodeMismatch"),
        (DOWN, CheckHistory(True, 1, CODE), "unhealthy", "Target.ResponseCodeMismatch"),
        (DOWN, CheckHistory(True, 5, SILENT), "unhealthy", "Target.Timeout"),
        (DOWN, CheckHistory(True, 5, REFUSED), "unhealthy", "Target.FailedHealthChecks"),
        (DOWN, CheckHistory(True), "healthy", None),  # until the log has the reason
        (NEW, CheckHistory(True), "initial", "Elb.RegistrationInProgress"),  # a new Envoy
        (UP, CheckHistory(), "healthy", None),
        (UP, CheckHistory(True, 1, CODE), "healthy", None),
    ],
)
def test_states_and_reasons(
    host: HostHealth | None, history: CheckHistory, state: str, reason: str | None
) -> None:
    health = judge(host, history, unhealthy_threshold=2)
    assert (health.state, health.reason) == (state, reason)
    assert (health.description is None) == (state == "healthy")


def test_code_is_in_the_description() -> None:
    assert CODE.health.description == "Health checks failed with these codes: [503]"


def test_hosts_of_envoys_answer() -> None:
    def host(port: int, **flags: bool) -> dict[str, object]:
        address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
        return {"address": address, "health_status": {"eds_health_status": "HEALTHY", **flags}}

    answer = {
        "cluster_statuses": [
            {
                "name": "web",
                "host_statuses": [
                    host(1),
                    host(2, failed_active_health_check=True),
                    host(3, failed_active_health_check=True, pending_active_hc=True),
                ],
            },
            {"name": "empty"},
        ]
    }
    assert target_health.hosts(answer) == {
        ("web", ("127.0.0.1", 1)): UP,
        ("web", ("127.0.0.1", 2)): DOWN,
        ("web", ("127.0.0.1", 3)): NEW,
    }
