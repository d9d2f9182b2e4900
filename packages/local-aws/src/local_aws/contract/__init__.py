"""What the planes exchange: desired state down, facts back, in immutable values.

desired_state.py  what the control plane wants to exist
facts.py          what the data plane reports back
traffic.py        what its load balancers have counted
access_log.py     a request as a load balancer has served it
user_data.py      the line of user data that signals, and is not run
credentials.py    the administrator's keys, and those of an instance's role
"""
