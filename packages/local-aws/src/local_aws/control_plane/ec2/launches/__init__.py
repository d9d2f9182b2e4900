"""Launches: launch templates, and all that RunInstances is asked for.

launching.py                 RunInstances honours the launch template
launch_requests.py           a ClientToken launches once; what a request turns off
launch_options.py            what a launch asks of its machine, stored and returned
launch_values.py             images, instance types and key pairs that a launch can name
launch_networks.py           interfaces, subnet and security groups of a launch
launch_placement.py          launches that their placement group does not take
placement_groups.py          how instances are spread over machines: created, described, deleted
launch_tags.py               of the volumes and network interfaces of a launch
user_data.py                 16,384 bytes at most
capacity_limits.py           how many Dedicated Hosts and Spot Instances
launch_templates.py          versions built on a source version, tags given later
launch_template_versions.py  their versions can be deleted
"""
