"""The part of a desired state that needs no further file for Envoy to watch. Pure."""

from __future__ import annotations

from dataclasses import replace

from local_aws.contract.desired_state import Certificate, DesiredState, Listener


def without_what_is_new(desired: DesiredState, before: DesiredState) -> DesiredState:
    """The desired state without the target groups and listeners that `before` lacks.

    A listener with a new certificate stays as it was.
    """
    groups = {group.arn for group in before.target_groups}
    listeners = {
        each.arn: each for balancer in before.load_balancers for each in balancer.listeners
    }
    known = {each.arn for listener in listeners.values() for each in _certificates(listener)}

    def kept(listener: Listener) -> Listener:
        has_new = any(each.arn not in known for each in _certificates(listener))
        return listeners[listener.arn] if has_new else listener

    return replace(
        desired,
        target_groups=tuple(each for each in desired.target_groups if each.arn in groups),
        load_balancers=tuple(
            replace(
                balancer,
                listeners=tuple(kept(each) for each in balancer.listeners if each.arn in listeners),
            )
            for balancer in desired.load_balancers
        ),
    )


def _certificates(listener: Listener) -> tuple[Certificate, ...]:
    return tuple(listener.tls.certificates) if listener.tls else ()
