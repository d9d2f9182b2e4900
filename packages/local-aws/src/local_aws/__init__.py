"""An AWS on this machine whose instances and load balancers really behave.

    control_plane/    AWS's APIs: moto in this process, corrected where AWS behaves otherwise
        | DesiredState
        v
    compute/          instances: process groups that run what their user data enables
    metadata/         each instance's own metadata service
    load_balancing/   Envoy as the Application Load Balancer
        | Facts
        v
    control_plane/    DescribeTargetHealth and the others report the actual state

    contract/         DesiredState and Facts: all that the two planes exchange
    state/            the state folder
    host/             this machine: processes, ports, HTTP
    errors.py         the exceptions, all in one tree

`daemon.py` joins the parts; `daemon_process.py` is its process, with the settings of
`daemon_settings.py`. `command.py` is the command `local-aws` from its first moment, `cli.py` what
it does, `command_line.py` its options; `starting.py` starts the daemon; `status.py` and
`versions.py` are what it shows; `regions.py` lists AWS's regions, `dns_names.py` names addresses as
EC2 does. `pytest_plugin.py` has fixtures. Everything listens on loopback.
"""
