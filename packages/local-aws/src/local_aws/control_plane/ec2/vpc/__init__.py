"""Networks (VPC): their subnets, routes, gateways, endpoints and connections.

networks.py             a VPC goes with its default network ACL
network_ranges.py       networks and subnets have the ranges that requests give
dhcp_options.py         each network has a set of them
subnets.py              in a zone of their own region; their associations end with them
subnet_ipv6.py          IPv6 ranges of subnets are of their VPC
network_acl_entries.py  have an ICMP type and code
routes.py               one to each destination
internet_gateways.py    one for each network, and one of the default VPC
nat_gateways.py         the interfaces and Elastic IP addresses of NAT gateways
vpc_endpoints.py        their routes, interfaces and security groups
vpc_peering.py          the two networks of a peering connection
flow_logs.py            to folders of buckets too
deletions.py            what cannot be deleted: default security groups, what is in use
"""
