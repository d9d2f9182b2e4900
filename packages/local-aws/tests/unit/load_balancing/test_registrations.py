from __future__ import annotations

from load_balancing_world import GROUP, health_check, instance, load_balancer, target_group

from local_aws.contract.desired_state import DesiredState
from local_aws.contract.facts import TargetHealth, TargetKey
from local_aws.load_balancing.health_log import FailureEvent
from local_aws.load_balancing.names import cluster_name
from local_aws.load_balancing.registrations import Registrations
from local_aws.load_balancing.target_health import FailedCheck, HostHealth
from local_aws.load_balancing.targets import place

CLUSTER = cluster_name(GROUP)
DOWN = HostHealth(healthy=False, pending=False)
UP = HostHealth(healthy=True, pending=False)


class Story:
    """Registrations of instances 0.. of one target group, with a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.registrations = Registrations()

    def register(self, *numbers: int, base: int = 20_000, **changes: object) -> None:
        group = target_group(numbers, **changes)
        instances = tuple(instance(n) for n in range(3))
        state = DesiredState(instances, (load_balancer(18_000),), (group,))
        addresses = {f"i-{n}": ("127.0.0.1", base + n) for n in range(3)}
        self.registrations.update(state, place(state, addresses), self.now)

    def fail(
        self, number: int, times: int = 1, base: int = 20_000, status: int | None = 503
    ) -> None:
        check = FailedCheck(timed_out=False, status=status)
        event = FailureEvent(CLUSTER, ("127.0.0.1", base + number), self.now, check)
        self.registrations.note_failures([event] * times)

    def health(self, *hosts: HostHealth) -> dict[int, TargetHealth]:
        seen = {(CLUSTER, ("127.0.0.1", 20_000 + n)): host for n, host in enumerate(hosts)}
        health = self.registrations.judge(seen)
        return {int(target_id[2:]): value for (_, target_id, _), value in health.items()}

    def states(self, *hosts: HostHealth) -> dict[int, str]:
        return {number: value.state for number, value in self.health(*hosts).items()}


def test_never_healthy_is_initial_up_to_the_threshold() -> None:
    story = Story()
    story.register(0)
    story.fail(0)
    assert story.states(DOWN) == {0: "initial"}
    story.fail(0)
    assert story.states(DOWN) == {0: "unhealthy"}


def test_once_healthy_is_unhealthy_as_soon_as_it_is_out() -> None:
    story = Story()
    story.register(0)
    assert story.states(UP) == {0: "healthy"}
    story.fail(0)
    assert story.states(DOWN) == {0: "unhealthy"}


def test_unhealthy_again_has_the_reason_of_the_latest_failure() -> None:
    """The log is a moment behind: until it has the reason, the target's health stays."""
    story = Story()
    story.register(0)
    story.states(UP)
    story.fail(0, status=None)
    assert story.health(DOWN)[0].reason == "Target.FailedHealthChecks"
    assert story.states(UP) == {0: "healthy"}

    assert story.states(DOWN) == {0: "healthy"}
    story.fail(0, status=503)
    assert story.health(DOWN)[0].reason == "Target.ResponseCodeMismatch"


def test_what_failed_while_it_was_healthy_is_the_reason() -> None:
    story = Story()
    story.register(0)
    story.states(UP)
    story.fail(0)
    assert story.states(UP) == {0: "healthy"}
    assert story.health(DOWN)[0].reason == "Target.ResponseCodeMismatch"


def test_failures_before_the_registration_do_not_count() -> None:
    story = Story()
    story.register(0)
    story.now += 10
    story.register()
    story.now += 40
    story.register(0)
    story.now -= 45
    story.fail(0, times=5)
    story.now += 45
    assert story.states(DOWN) == {0: "initial"}


def test_booting_target_is_unchecked_until_its_next_check_is_due() -> None:
    story = Story()
    story.register(0, 1, health_check=health_check(interval_seconds=10, unhealthy_threshold=3))
    key = TargetKey(GROUP, "i-0", 80)
    assert story.registrations.unchecked(story.now) == set()
    story.fail(0)
    assert story.registrations.unchecked(story.now + 9) == {key}
    assert story.registrations.unchecked(story.now + 10) == set()
    story.fail(0, times=2)  # unhealthy: it needs the healthy threshold now, as Envoy counts it
    assert story.registrations.unchecked(story.now) == set()


def test_target_that_was_healthy_is_always_checked() -> None:
    story = Story()
    story.register(0, health_check=health_check(interval_seconds=10, unhealthy_threshold=3))
    story.states(UP)
    story.fail(0)
    assert story.registrations.unchecked(story.now) == set()


def test_only_registered_targets_have_health() -> None:
    story = Story()
    story.register(0, 1)
    story.register(0)
    assert story.states(UP) == {0: "healthy"}
    story.registrations.update(DesiredState(), (), story.now)
    assert story.states() == {}


def test_other_address_is_another_target() -> None:
    """A port may change hands; what was counted belongs to the old one."""
    story = Story()
    story.register(0, base=21_000)
    story.fail(0, times=5, base=21_000)
    story.register(0)
    assert story.states(DOWN) == {0: "initial"}


def test_health_check_that_is_disabled() -> None:
    story = Story()
    check = target_group((0,)).health_check
    story.register(0, health_check=type(check)(**{**vars(check), "enabled": False}))
    assert story.states(UP) == {0: "unavailable"}
