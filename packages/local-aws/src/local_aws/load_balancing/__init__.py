"""Application Load Balancers, carried out by one Envoy.

controller.py       configures Envoy for what the control plane wants; start here
targets.py          where each target is on this machine
registrations.py    which targets are registered, and the results of their checks
carried_out.py      the part of a desired state that needs no further file watches: pure
leaving.py          targets that get no new request, but may still be answering some
target_health.py    the health of a target from what Envoy sees: pure
health_log.py       every failed check, from Envoy's log
traffic.py          what Envoy counted, in the load balancer's terms
access_log.py       what Envoy logs of each request, and how that is read: pure
access_log_file.py  that log, taken away as often as someone wants what is in it

xds.py              Envoy's configuration for a desired state: pure
clusters.py         a target group as Envoy's cluster
listeners.py        a listener as Envoy's
routes.py           listener rules as Envoy's routes
conditions.py       what a rule's conditions match
transforms.py       what a rule's transforms make of the URL and the host
transforms.lua      puts that into the request
regular_expressions.py  those of rules as Envoy's
stickiness.lua      sticky sessions: cookies that name targets and target groups
tls.py              HTTPS: certificates and security policies
target_tls.py       TLS to targets and their health checks
health_check.py     a target group's health check as Envoy's
algorithms.py       how a target is chosen for a request
header_case.py      header names keep their case
replies.py          ALB's own replies: 502, 503, 504 and the others
grpc.py             which requests are gRPC's
grpc.lua            refuses those that are forwarded: 464
alb.lua             what ALB does to requests and Envoy does not
names.py            names that Envoy and the file system take
xds_directory.py    writes the configuration, and waits until it is applied

envoy.py            the process: started, ended, started again
envoy_admin.py      its admin interface
envoy_binary.py     where that program is
"""
