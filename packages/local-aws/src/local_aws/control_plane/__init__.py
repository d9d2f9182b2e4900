"""The control plane: AWS's APIs on one loopback port, by moto with corrections.

server.py           the HTTP port; hands each request to moto under the lock
browser_guard.py    which requests are refused before anything else
api_request.py      service, action and parameters of a request
api_errors.py       errors in the shape of a request's protocol
signed_region.py    refuses a signature for a region that does not exist
unmet_requests.py   a 4xx where a request names what moto does not find
corrections.py      the list of everything that corrects moto
moto_seams.py       how a correction takes its place inside moto
lock.py             the one lock around moto's state
change_notice.py    tells the daemon that something may have changed

cloudformation/     stacks: an engine of our own over moto's resources
iam/, sts.py        who may do what; credentials of roles
ec2/                instances, launch templates, profiles
auto_scaling/       groups, their instances, rolling updates
elbv2/              load balancers, listeners, targets and their health
ssm.py, ssm_fleet.py  parameters; managed instances and commands
dynamodb.py         tables

snapshot.py         the whole state as bytes, and back

desired.py          what the data plane should make so
data_plane.py       what it reports back
reconciler.py       what Auto Scaling does about it
"""
