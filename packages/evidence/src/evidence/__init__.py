"""Evidence of a run: what a client of a service lived through, and what is claimed about it.

Four modules are the front, for whoever uses the library from Python:

prober      requests on a fixed schedule, each with what came of it
records     a reply, a sample of AWS's view
evidence    everything recorded of one scenario
claims      what must be true of it, read and judged

Behind them are four rooms. Each uses only those below it, and none the front:

report      what came of a run: verdicts.json, junit.xml, tables, the page
judge       claims and measures, figures, what ends a scenario early
observe     traffic, AWS's view, and the background process that records both
record      what is recorded, where it is kept, and how it is read back

What goes wrong is raised as one of these, with a message that is one line:

Exception
    ValueError                 a number beyond its limits, a URL or a reply shape that is written
                               wrongly, a record that is damaged or of another version
        ClaimError             a claim that is written wrongly
    LookupError                a run without that scenario, or without verdicts
    FileNotFoundError          a run that is not there
    ProcessLookupError         the process that a run would belong to has just ended
    TimeoutError               a process that survives SIGKILL, or a ps that does not answer
    BehindError                this machine does not keep the prober's schedule at all
    ObservationError           an observation that does not start, or that is not there
        NotReachedError        what is awaited did not come in time
        ScenarioEndedError     the scenario must end now; `interruption` says why
    NoEvidenceError            a measure without records; `judge` makes its claim unjudged
"""
