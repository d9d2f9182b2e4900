"""Networking: EC2's networks, Elastic Load Balancing and Route 53.

network.py                networks, routes; resources with tags
vpc_parts.py              address blocks, DHCP options, endpoints, egress-only gateways
network_acls.py           network ACLs, their entries and subnets
security_group.py         security groups and their rules
elastic_ips.py            Elastic IP addresses and their associations
vpn.py                    customer gateways and VPN connections
load_balancing.py         load balancers, target groups, listeners, rules
classic_load_balancer.py  classic load balancers
classic_policies.py       their policies, and where they are enabled
route53.py                hosted zones, records, health checks
"""
