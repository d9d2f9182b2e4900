"""EC2 as AWS has it, where moto differs.

instances/           instances: their states, and what changes or is shown of them
launches/            launch templates, and all that RunInstances is asked for
security/            security groups and their rules, key pairs, instance profiles
storage/             volumes, and images with their snapshots
vpc/                 networks: subnets, routes, gateways, endpoints, peering connections
network_interfaces/  network interfaces and Elastic IP addresses
api/                 what all requests and answers have in common
tags/                tags of resources
"""

from __future__ import annotations

from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.ec2.api import (
    answers,
    catalogues,
    client_tokens,
    dry_runs,
    invalid_values,
    missing_resources,
    named_resources,
    paged_ids,
    pages,
    random_ids,
    repeated_names,
    single_attributes,
    zone_names,
)
from local_aws.control_plane.ec2.instances import (
    console_output,
    detailed_monitoring,
    instance_attributes,
    instance_states,
    listings,
    network_of_ended,
    protected_instances,
    state_changes,
    unknown_instances,
)
from local_aws.control_plane.ec2.launches import (
    capacity_limits,
    launch_options,
    launch_requests,
    launch_template_versions,
    launch_templates,
    launching,
    placement_groups,
)
from local_aws.control_plane.ec2.network_interfaces import (
    elastic_ips,
    interface_addresses,
    interface_associations,
    interface_attachments,
    interfaces_in_use,
    managed_interfaces,
)
from local_aws.control_plane.ec2.security import (
    cidr_blocks,
    instance_profiles,
    key_pairs,
    rule_descriptions,
    rule_networks,
    rule_peers,
    rule_protocols,
    security_groups,
    vpc_security_groups,
)
from local_aws.control_plane.ec2.storage import (
    block_devices,
    image_attributes,
    images,
    volume_performance,
    volumes,
)
from local_aws.control_plane.ec2.tags import resource_tags, tag_deletions, tag_rules, tag_types
from local_aws.control_plane.ec2.vpc import (
    deletions,
    dhcp_options,
    flow_logs,
    internet_gateways,
    nat_gateways,
    network_acl_entries,
    network_ranges,
    networks,
    routes,
    subnet_ipv6,
    subnets,
    vpc_endpoints,
    vpc_peering,
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
        interface_associations,
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
