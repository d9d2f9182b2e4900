"""Traffic, AWS's view, and the background process that records both.

prober           requests on a fixed schedule
reply_shape      how the replies of a service are read
replies          what kind of reply a body is, by that shape
samplers         AWS's view of the service
machine          how busy the observer's own machine is
configuration    what the background process is given
limits           the numbers that it takes
observer         the background process
watchdog         ends that process, whatever it is busy with
observation      starts, marks and stops it
"""
