"""What differs, per type of resource, from moto's model.

registry.py         which types differ
base.py             how a type is handled, by default as moto does
backends.py         where moto's resources live
auto_scaling.py     groups with their update policies, lifecycle hooks, scheduled actions
custom_resource.py  custom resources: refused or skipped
dynamodb.py         tables
iam.py              roles, instance profiles, managed policies
key_pair.py         key pairs
launch_template.py  launch templates
load_balancing.py   load balancers, target groups, listeners, rules
network.py          gateways, routes, addresses
security_group.py   security groups and their rules
ssm_parameter.py    parameters
refused.py          types that are refused by name
"""
