"""EC2 instances as process groups: cloud-init, systemd units, boots and ends. See fleet.py."""
