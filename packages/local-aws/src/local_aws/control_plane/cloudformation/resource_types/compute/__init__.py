"""Compute: EC2's instances, volumes and templates, Batch, ECR and Lambda.

instance.py              instances
key_pair.py              key pairs
launch_template.py       launch templates
placement_group.py       placement groups
spot_fleet.py            fleets of Spot Instances
volumes.py               volumes and their attachments
compute_environment.py   compute environments of Batch
ecr.py                   repositories
lambda_function.py       Lambda functions
lambda_parts.py          their permissions, versions and aliases; layers and theirs
event_source_mapping.py  the sources that Lambda functions read
"""
