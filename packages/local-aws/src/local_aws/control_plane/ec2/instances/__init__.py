"""Instances: their states, and what changes or is shown of them.

instance_states.py      pending, stopping and shutting-down; boots; what the data plane reports
network_of_ended.py     a terminated instance has no interface, address, subnet or group any more
protected_instances.py  are not terminated or stopped; which can hibernate
state_changes.py        what calls that start, stop and terminate instances answer
instance_attributes.py  which are shown, and which change while an instance is stopped
detailed_monitoring.py  switched on and off
console_output.py       GetConsoleOutput is the instance's log
unknown_instances.py    an instance that was just launched is not found, where AWS is late
listings.py             an instance that was just launched is not listed, where AWS is late
"""
