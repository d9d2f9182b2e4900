"""EC2 as AWS has it, where moto differs.

instance_states.py           pending, stopping and shutting-down; boots; what the data plane reports
network_of_ended.py          which a terminated instance has no more
protected_instances.py       are not terminated or stopped; which can hibernate
state_changes.py             what calls that start, stop and terminate instances answer
instance_attributes.py       which are shown, and which change while an instance is stopped
single_attributes.py         a call changes exactly one
detailed_monitoring.py       switched on and off
client_tokens.py             a request with a ClientToken that came before makes nothing
launch_requests.py           a ClientToken launches once; what a request turns off
launch_options.py            what a launch asks of its machine, stored and returned
launch_conflicts.py          what a launch or an interface cannot be given at once
launch_tags.py               of the volumes and network interfaces of a launch
launch_values.py             images, instance types and key pairs that a launch can name
placement_groups.py          how instances are spread over machines: created, described, deleted
launch_placement.py          launches that their placement group does not take
launching.py                 RunInstances honours the launch template
launch_networks.py           interfaces, subnet and security groups of a launch
capacity_limits.py           how many Dedicated Hosts and Spot Instances
interfaces_in_use.py         are neither deleted nor attached again
managed_interfaces.py        those of NAT gateways, VPC endpoints and load balancers: only shown
load_balancer_interfaces.py  one in each of a load balancer's subnets
interface_attachments.py     at which index, how many, and whether one goes with its instance
interface_addresses.py       a network interface's addresses: inside its subnet, not endlessly many
block_devices.py             volumes of a new instance
volumes.py                   where they are made and what they are attached to
volume_performance.py        their types, IOPS and throughput
networks.py                  a VPC goes with its default network ACL
network_acl_entries.py       have an ICMP type and code
network_ranges.py            networks and subnets have the ranges that requests give
dhcp_options.py              each network has a set of them
internet_gateways.py         one for each network, and one of the default VPC
routes.py                    one to each destination
zone_names.py                regions and Availability Zones that requests name
subnets.py                   in a zone of their own region; their associations end with them
deletions.py                 what cannot be deleted: default security groups, what is in use
instance_profiles.py         one association, the same in every listing
launch_templates.py          versions built on a source version, tags given later
launch_template_versions.py  versions can be deleted
key_pairs.py                 RSA keys are made outside the lock, ED25519 keys' fingerprints
console_output.py            GetConsoleOutput is the instance's log
user_data.py                 16,384 bytes at most
security_groups.py           their names, default rules, and what calls on rules answer
cidr_blocks.py               ranges in security group rules
rule_protocols.py            which protocols of such rules have ports
security_group_texts.py      the characters of their names and descriptions
rule_descriptions.py         how descriptions of rules change
rule_peers.py                what makes two of them the same rule; canonical ranges
rule_networks.py             the groups that they may be about
elastic_ips.py               one association each, which ends before the release
nat_gateways.py              their interfaces and Elastic IP addresses
repeated_names.py            what a request names twice is answered once
unknown_instances.py         an instance that was just launched is not found, where AWS is late
listings.py                  an instance that was just launched is not listed, where AWS is late
subnet_ipv6.py               IPv6 ranges of subnets are of their VPC
vpc_endpoints.py             their routes, interfaces and security groups
vpc_peering.py               the two networks of a peering connection
flow_logs.py                 to folders of buckets too
vpc_security_groups.py       the groups of a network
images.py                    made of instances, registered and copied, with their snapshots
image_devices.py             the block devices of an image
image_attributes.py          their description, deprecation and who may launch them
random_ids.py                ids of resources are drawn at once
resource_tags.py             a resource's own, without a look at all others
tag_rules.py                 keys and types of tags that a request may give
tag_deletions.py             of all tags of a resource at once
tag_types.py                 the types by which DescribeTags calls resources
paged_ids.py                 what is named by ids comes in one page
pages.py                     lists in pages of MaxResults
catalogues.py                instance types, images, prices: in pages, beside other requests
dry_runs.py                  requests that only ask whether they may
named_resources.py           ids of requests: of their form, and of something
missing_resources.py         what is not found is the client's mistake
invalid_values.py            values of no enumeration, and pages without rows
answers.py                   members that moto's answers lack
"""

from __future__ import annotations

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.ec2 import (
    answers,
    block_devices,
    capacity_limits,
    catalogues,
    cidr_blocks,
    client_tokens,
    console_output,
    deletions,
    detailed_monitoring,
    dhcp_options,
    dry_runs,
    elastic_ips,
    flow_logs,
    image_attributes,
    images,
    instance_attributes,
    instance_profiles,
    instance_states,
    interface_addresses,
    interface_attachments,
    interfaces_in_use,
    internet_gateways,
    invalid_values,
    key_pairs,
    launch_options,
    launch_requests,
    launch_template_versions,
    launch_templates,
    launching,
    listings,
    managed_interfaces,
    missing_resources,
    named_resources,
    nat_gateways,
    network_acl_entries,
    network_of_ended,
    network_ranges,
    networks,
    paged_ids,
    pages,
    placement_groups,
    protected_instances,
    random_ids,
    repeated_names,
    resource_tags,
    routes,
    rule_descriptions,
    rule_networks,
    rule_peers,
    rule_protocols,
    security_groups,
    single_attributes,
    state_changes,
    subnet_ipv6,
    subnets,
    tag_deletions,
    tag_rules,
    tag_types,
    unknown_instances,
    volume_performance,
    volumes,
    vpc_endpoints,
    vpc_peering,
    vpc_security_groups,
    zone_names,
)


def install() -> None:
    """Install the corrections of EC2 into moto."""
    for corrections in (
        resource_tags,
        instance_states,
        network_of_ended,
        protected_instances,
        state_changes,
        instance_attributes,
        detailed_monitoring,
        launching,
        block_devices,
        volume_performance,
        volumes,
        launch_requests,
        launch_options,
        placement_groups,
        instance_profiles,
        launch_templates,
        launch_template_versions,
        key_pairs,
        console_output,
        networks,
        network_acl_entries,
        dhcp_options,
        internet_gateways,
        routes,
        security_groups,
        subnets,
        network_ranges,
        deletions,
        elastic_ips,
        nat_gateways,
        listings,
        repeated_names,
        missing_resources,
        named_resources,
        cidr_blocks,
        rule_descriptions,
        rule_networks,
        rule_peers,
        rule_protocols,
        subnet_ipv6,
        tag_deletions,
        random_ids,
        images,
        image_attributes,
        tag_types,
        interface_addresses,
        interface_attachments,
        interfaces_in_use,
        managed_interfaces,
        capacity_limits,
        vpc_endpoints,
        vpc_peering,
        flow_logs,
        vpc_security_groups,
        zone_names,
        catalogues,
        answers,
        pages,
    ):
        corrections.install()


def prepare(request: ApiRequest) -> None:
    """Raise ApiError for a request that EC2 refuses by its looks; make the key that one creates."""
    invalid_values.require(request)
    paged_ids.require(request)
    client_tokens.require(request)
    key_pairs.prepare_for(request)


def require(request: ApiRequest) -> None:
    """Raise ApiError for a request that does not fit what there is. Call it under LOCK."""
    unknown_instances.require(request)
    tag_rules.require(request)
    single_attributes.require(request)
    named_resources.require(request)
    launch_templates.require_ids(request)
    dry_runs.require(request)
