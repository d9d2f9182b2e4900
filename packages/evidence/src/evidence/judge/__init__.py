"""Claims and what becomes of them. All of it pure, but for `awaiting` and `interruption`.

claims            a claim as it is written
verdict           whether it held, was refuted, or cannot be judged
filters           which replies are meant
measure           what a measure is
measures          the closed list of them
reply_measures    those of what clients were answered
sample_measures   those of AWS's view
coverage          whether the records cover a window, so that it can be judged
transitions       when a fault was detected, drained, recovered from
proportion        how many of how many, and what that says of the rate
statistics        figures from replies
starvation        a machine too busy to judge
clock             a clock that was set meanwhile
backend           what proves that the backend died
interruption      what ends a scenario early
awaiting          waits until claims hold for what is observed
"""
