"""This machine, as far as a local AWS needs it; nothing here knows AWS.

preflight.py       what the machine must have, checked before anything is started
write_failure.py   why something could not be written
environment.py     the environment of everything that is started
process_table.py   every child process, on record before it does anything
launch.py          the first moments of each
processes.py       processes known by pid and start time
ports.py           free loopback ports
folders.py         folders that only this user may enter
http_server.py     HTTP that silent and slow connections cannot hold up
peer_user.py       which user is at the other end of a connection
file_watches.py    how many more files may be watched
connections.py     how many connections lead to an address
yaml_bounds.py     bounds on the time and memory that YAML may take
garbage.py         keeps Python's garbage collector from holding up answers
thread_deaths.py   a thread that dies of an error ends the daemon
repeated_error.py  an error that repeats with each try is logged once
"""
