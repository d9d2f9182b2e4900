"""An AWS on this machine whose instances and load balancer really behave.

    control_plane/    AWS's APIs: moto in this process, corrected where AWS behaves otherwise
        | DesiredState (desired_state.py)
        v
    compute/          instances: process groups that run what their user data wrote
    metadata/         each instance's own IMDSv2
    load_balancing/   Envoy as the Application Load Balancer
        | Facts (facts.py)
        v
    control_plane/    DescribeTargetHealth and the others tell what is really so

`daemon.py` joins the parts, `cli.py` is the command `local-aws`. Everything listens on loopback.
"""
