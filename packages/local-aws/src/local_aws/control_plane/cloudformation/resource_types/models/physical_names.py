"""Names that CloudFormation generates for resources without one: stack, logical id, random suffix.

moto generates all of them from capital letters and digits, and does not shorten most.
Sources: names of resources that users have published (the tests show some); the longest names in
each service's API Reference.
"""

from __future__ import annotations

import secrets
import string

from moto.cloudformation.parsing import generate_resource_name

_SUFFIX = 12
_MIXED_CASE = frozenset(
    {
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
    }
)
_LONGEST = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 25,
    "AWS::ElasticLoadBalancingV2::TargetGroup": 25,
    "AWS::IAM::InstanceProfile": 128,
    "AWS::IAM::Role": 64,
    "AWS::IAM::User": 64,
    "AWS::Lambda::Function": 63,
    "AWS::SNS::Topic": 256,
    "AWS::SQS::Queue": 80,
}
"""The longest that AWS generates; the names of load balancers could be longer."""


def generated(type_name: str, stack_name: str, logical_id: str, ending: str = "") -> str:
    """A name of this type: a long stack name and a long logical id have half of the room each.

    `ending` is what the service wants at the end of it.
    """
    if type_name not in _LONGEST:
        name: str = generate_resource_name(type_name, stack_name, logical_id)
        return name + ending
    room = _LONGEST[type_name] - _SUFFIX - len("--") - len(ending)
    stack = stack_name[: max(room - len(logical_id), (room + 1) // 2)]
    if type_name.startswith("AWS::ElasticLoadBalancingV2::"):
        stack = stack.rstrip("-")
    return f"{stack}-{logical_id[: room - len(stack)]}-{_suffix(type_name)}{ending}"


def _suffix(type_name: str) -> str:
    letters = string.ascii_letters if type_name in _MIXED_CASE else string.ascii_uppercase
    return "".join(secrets.choice(letters + string.digits) for _ in range(_SUFFIX))
