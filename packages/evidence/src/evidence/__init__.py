"""Evidence of a run: what a client of the service lived through, and what is claimed about it.

records                      what is recorded: a reply, a sample
prober, samplers, observer   traffic, AWS's view, and the background process that does both
observer_config, limits      what that process is told, and within which bounds
watchdog                     ends that process, whatever it is busy with
observation, awaiting        start, mark and stop that process; wait for what it sees
interruption, backend        what ends a scenario early; what proves that the backend died
run_folder, journal          where a run is kept, and how lines are added to it
evidence, latest, windows    a scenario's records, read back and cut into before, during, after
coverage                     whether the records cover a window, so that it can be judged
transitions, statistics      when a fault was detected, drained, recovered from; figures
claims, filters, measures    claims as plays write them, judged
verdicts, junit, table       what came of it, for programs, for CI and for people
"""
