"""What is recorded of a run, where it is kept, and how it is read back.

reply, samples     one request; AWS's view at one moment
evidence, windows  everything of one scenario, cut into before, during and after its fault
journal            lines of JSON that are only ever added
run_folder         the folder of a run, and whose run it is
named_runs         a run by the name that a person gives
boundary           where a scenario's records begin and end in it
writing            files written in one step; no room for them
reading, latest    a scenario's evidence from that folder, at its end and while it goes on
mutations          what a run has changed
processes          a process known by pid and start
"""
