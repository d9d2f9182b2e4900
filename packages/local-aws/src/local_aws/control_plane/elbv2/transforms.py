"""Transforms of rules: what becomes of a request's URL and host on its way to the target.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html,
API_RuleTransform.html and API_RewriteConfig.html. ELB takes one rewrite in each transform, as
users reported it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.elbv2.exceptions import ValidationError
from moto.elbv2.models import FakeListenerRule, FakeRule

from local_aws.contract.desired_state import Rewrite
from local_aws.control_plane.elbv2 import regular_expressions, values

_CONFIGS = {"host-header-rewrite": "HostHeaderRewriteConfig", "url-rewrite": "UrlRewriteConfig"}
_LONGEST = 1024

Transforms = Sequence[Mapping[str, Any]]


def given(settings: Mapping[str, Any]) -> Transforms | None:
    """What a request to modify a rule makes of its transforms; None leaves them as they are."""
    if values.is_true(settings.get("ResetTransforms")):
        if settings.get("Transforms"):
            raise ValidationError("You cannot provide both Transforms and ResetTransforms")
        return ()
    found: Transforms | None = settings.get("Transforms") or None
    return found


def check(transforms: Transforms) -> None:
    """Raises ValidationError."""
    kinds = [transform.get("Type") for transform in transforms]
    for kind, transform in zip(kinds, transforms, strict=True):
        if kind not in _CONFIGS:
            raise ValidationError(
                f"1 validation error detected: Value '{values.shown(str(kind))}' at "
                "'transforms.type' failed to satisfy constraint: Member must satisfy enum value "
                f"set: [{', '.join(_CONFIGS)}]"
            )
        if kinds.count(kind) > 1:
            raise ValidationError(f"A rule can only have one '{kind}' transform")
        _check_rewrite(str(kind), transform)


def apply(rule: FakeRule | FakeListenerRule, transforms: Transforms) -> None:
    """DescribeRules returns them."""
    rule.transforms = list(transforms)  # type: ignore[union-attr] # moto has none


def rewrite(rule: FakeRule | FakeListenerRule, kind: str) -> Rewrite | None:
    """The rule's transform of that type."""
    for transform in getattr(rule, "transforms", ()):
        if transform["Type"] == kind:
            [found] = transform[_CONFIGS[kind]]["Rewrites"]
            return Rewrite(found["Regex"], found["Replace"])
    return None


def _check_rewrite(kind: str, transform: Mapping[str, Any]) -> None:
    config = _CONFIGS[kind]
    others = [name for name in _CONFIGS.values() if name != config and name in transform]
    rewrites: Sequence[Mapping[str, Any]] = (transform.get(config) or {}).get("Rewrites") or ()
    if others or len(rewrites) != 1:
        raise ValidationError(f"A '{kind}' transform must have one rewrite, in '{config}'")
    [wanted] = rewrites
    regular_expressions.check("transforms.regex", wanted.get("Regex"), _LONGEST)
    values.text("transforms.replace", wanted.get("Replace"), "[ -~]*", _LONGEST)
