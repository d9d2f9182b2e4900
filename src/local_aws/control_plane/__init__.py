"""The control plane: AWS's APIs on one loopback port, by moto with corrections.

server.py           the HTTP port; hands each request to moto under the lock
browser_guard.py    which requests are refused before anything else
api_request.py      service and action of a request
corrections.py      the list of everything that corrects moto
lock.py             the one lock around moto's state
cloudformation/     stacks: our own engine over moto's resources
iam.py, sts.py      who may do what; credentials of roles
ssm.py              parameters
"""
