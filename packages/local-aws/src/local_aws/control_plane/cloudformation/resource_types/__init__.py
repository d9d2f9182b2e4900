"""For each type of resource, how AWS differs from moto's model.

registry.py               which class handles a type
base.py                   the default: a type as moto handles it
backends.py               where moto's resources live
by_api.py                 types whose resources are changed through their service's own API
custom_names.py           resources that users have named
fields.py                 types whose properties are fields of moto's object
deletions.py              types that moto creates and cannot delete
list_changes.py           which entries a list has gained and lost
moto_attributes.py        what Fn::GetAtt returns where moto's object calls it otherwise
moto_models.py            which types moto's own models handle
moto_updates.py           which properties moto's own updates really change
physical_ids.py           what Ref returns where moto's object does not have it
physical_names.py         the names that CloudFormation generates, within AWS's lengths
read_properties.py        which properties a creation has read
usual_values.py           what AWS takes for a property that is left out
without_effect.py         types and properties that are stored without effect

api_gateway.py            methods and deployments of REST APIs
application_auto_scaling.py   scalable targets and policies of other services
auto_scaling.py           Auto Scaling groups with their update policies
auto_scaling_parts.py     their lifecycle hooks and scheduled actions
certificates.py           certificates, and a listener's further ones
classic_load_balancer.py  classic load balancers
classic_policies.py       their policies, and where they are enabled
cloudwatch.py             alarms
compute_environment.py    compute environments of Batch
custom_resource.py        custom resources: refused or skipped
database_clusters.py      clusters of databases and their parameter groups
database_proxies.py       proxies of databases and their target groups
databases.py              database instances, clusters of Redshift
dynamodb.py               tables
ecr.py                    repositories
elastic_ips.py            Elastic IP addresses and their associations
emptied_group.py          Auto Scaling groups, before they are deleted
event_rule.py             rules of event buses
event_source_mapping.py   the sources that Lambda functions read
global_table.py           global tables with one replica
iam.py                    roles, users, instance profiles, policies
iam_groups.py             groups and their members, inline policies of their own
instance.py               instances
iot.py                    things
key_pair.py               key pairs
keys.py                   keys of the Key Management Service
lambda_function.py        Lambda functions
lambda_parts.py           their permissions, versions and aliases; layers and theirs
launch_configuration.py   launch configurations
launch_template.py        launch templates
load_balancing.py         load balancers, target groups, listeners, rules
logs.py                   log groups, streams, filters
messaging.py              queues and topics
messaging_policies.py     their policies, and subscriptions
nested_stack.py           stacks in a stack
network.py                networks, routes; resources with tags
network_acls.py           network ACLs, their entries and subnets
placement_group.py        placement groups
route53.py                hosted zones, records, health checks
s3.py                     buckets and their policies
s3_configurations.py      a bucket's configurations in S3's API
scaling_policy.py         scaling policies
secret.py                 secrets
secret_target.py          secrets with the connection to a database
security_group.py         security groups and their rules
spot_fleet.py             fleets of Spot Instances
ssm_document.py           documents
ssm_parameter.py          parameters
volumes.py                volumes and their attachments
vpc_parts.py              address blocks, DHCP options, endpoints, egress-only gateways
vpn.py                    customer gateways and VPN connections
wait_conditions.py        wait conditions and the URLs that take their signals
wait_condition_signals.py   which instances would signal to one
"""
