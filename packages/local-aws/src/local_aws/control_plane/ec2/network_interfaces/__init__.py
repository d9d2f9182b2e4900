"""Network interfaces of instances and of AWS's services, and Elastic IP addresses.

interface_addresses.py       a network interface's addresses: inside its subnet, not endlessly many
interface_associations.py    whose its public address is, and its name
interface_attachments.py     at which index, how many, and whether one goes with its instance
interfaces_in_use.py         are neither deleted nor attached again
launch_conflicts.py          what a launch or an interface cannot be given at once
managed_interfaces.py        those of NAT gateways, VPC endpoints and load balancers: only shown
load_balancer_interfaces.py  one in each of a load balancer's subnets
elastic_ips.py               one association each, which ends before the release
"""
