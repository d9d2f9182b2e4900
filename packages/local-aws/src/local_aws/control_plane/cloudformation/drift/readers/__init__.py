"""For each type whose drift can be detected, its actual properties as its service's API shows them.

    instances.py       launch templates, key pairs and groups of instances
    security_groups.py security groups and their rules
    load_balancing.py  load balancers, target groups, listeners
    storage.py         tables and parameters
    roles.py           roles and instance profiles
    tags.py            tags that users gave

A reader has the shape of the type's properties. It has None for one that is not there, and leaves
out what it does not read: that is not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.drift.readers import (
    instances,
    load_balancing,
    roles,
    security_groups,
    storage,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import (
    Api,
    RefusedByApiError,
)
from local_aws.control_plane.cloudformation.stack import Resource

Read = Callable[[Callable[[str], Api], str, frozenset[str]], Mapping[str, Any]]
"""Takes the API of each service, the physical id, and what other resources attach.

It raises IndexError, or what the API raises, for a resource that is gone.
"""

READERS: Mapping[str, Read] = {
    "AWS::AutoScaling::AutoScalingGroup": instances.group,
    "AWS::DynamoDB::Table": storage.table,
    "AWS::EC2::KeyPair": instances.key_pair,
    "AWS::EC2::LaunchTemplate": instances.launch_template,
    "AWS::EC2::SecurityGroup": security_groups.group,
    "AWS::EC2::SecurityGroupEgress": security_groups.egress_rule,
    "AWS::EC2::SecurityGroupIngress": security_groups.ingress_rule,
    "AWS::ElasticLoadBalancingV2::Listener": load_balancing.listener,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": load_balancing.load_balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": load_balancing.target_group,
    "AWS::IAM::InstanceProfile": roles.instance_profile,
    "AWS::IAM::Role": roles.role,
    "AWS::SSM::Parameter": storage.parameter,
}

_AS_READ: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "AWS::EC2::SecurityGroup": security_groups.as_read,
    "AWS::IAM::Role": roles.as_read,
}

_GONE = frozenset(
    {
        "InvalidGroup.NotFound",
        "InvalidKeyPair.NotFound",
        "InvalidLaunchTemplateId.NotFound",
        "InvalidSecurityGroupRuleId.NotFound",
        "ListenerNotFound",
        "LoadBalancerNotFound",
        "NoSuchEntity",
        "ParameterNotFound",
        "ResourceNotFoundException",
        "TargetGroupNotFound",
    }
)


def as_read(type_name: str, declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Declared properties as the type's reader has them, where a template may write them so too."""
    return _AS_READ[type_name](declared) if type_name in _AS_READ else declared


def actual(place: Place, resource: Resource, attached: frozenset[str]) -> Mapping[str, Any] | None:
    """The properties of a resource as they are; None when somebody has deleted it."""
    try:
        return READERS[resource.type_name](
            lambda service: Api(place, service), resource.physical_id, attached
        )
    except IndexError:
        return None
    except RefusedByApiError as refusal:
        if refusal.code not in _GONE:
            raise
        return None
