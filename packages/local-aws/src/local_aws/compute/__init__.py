"""Instances: process groups on this machine that run what their user data enables.

fleet.py            all instances; converges their processes to what the control plane wants
instance.py         one instance: its folder, its console, its boots and its end
disk.py             the folder that it sees as `/`
cloud_config.py     user data: files to write, units to start
systemd_unit.py     service units: text in, a typed unit out
time_span.py        systemd's time spans
program.py          which program a unit may run: Python
aws_cli.py          `aws` on an instance: two commands, with its role's credentials
image_program.py    the program of instances without cloud-config
unit_process.py     one unit's process: started, awaited, started again
console.py          what GetConsoleOutput shows
machine_failure.py  whose fault a failure is: the user data's or the machine's
"""
