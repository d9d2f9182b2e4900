"""The control plane: AWS's APIs on one loopback port, by moto with corrections.

endpoint/           the HTTP port; what a request meets there before moto
api_request.py      service, action and parameters of a request
post_form.py        a browser's form for S3
api_operation.py    which operation of botocore's models it is
service_hooks.py    what services do around the requests that name them
service_connections.py   which hooks each has, and what services call of those above
api_errors.py       errors in the shape of a request's protocol
refused_parts.py    parts of a request that IAM refuses alone
xml_documents.py    whether a document is as its schema has it
xml_errors.py       moto's errors in XML have one message
error_words.py      moto's messages do not begin as the client's do

corrections.py      the list of everything that corrects moto
moto_seams.py       how a correction takes its place inside moto
lock.py             the locks around moto's state
waiting.py          requests that wait, while every other one is answered
durations.py        how creation and update policies write time
wiring.py           all that the control plane is given from outside, in one value
delays.py           how late AWS is: not at all, or with --unkind as late as it can be
delayed.py          values that are shown as they were a while ago
pages.py            lists in pages
offset_token.py     where the next page of a listing begins, by the number of the item
key_token.py        pages whose token names the item that was shown last
wildcards.py        * and ? in policies and filters
match_expressions.py   numbers and addresses in filter policies and event patterns
move_task_handles.py   how handles of SQS's message move tasks name their queue
past.py             what a value was at an earlier moment
queue_arns.py       what an SQS queue's ARN looks like
late_views.py       looks at all that may be shown late
endpoint_discovery.py   clients that discover endpoints stay at this one
deliveries.py       what services post to servers of their users
signed_scope.py     moto acts in the region that a request is signed for

cloudformation/     stacks: an engine of our own over moto's resources
iam/, sts/          who may do what; temporary credentials
instance_credentials.py   those of instances' roles
ec2/                instances, launch templates, profiles
auto_scaling/       groups, their instances, rolling updates
application_auto_scaling.py   what belongs to its policies and targets
cloudwatch/         metrics and alarms
resource_tagging.py tags of resources of all services
route53/            hosted zones and batches of changes of their records
load_balancer_zones.py   Route 53's hosted zone of their names
elb/                Classic Load Balancers and their instances
elbv2/              load balancers, listeners, targets and their health
load_balancer_logs/ their access logs, in S3
ssm/                parameters; managed instances and commands
dynamodb/           tables
acm/                certificates
efs.py              the zone of a file system
s3/                 who may be given what a bucket holds
kms/                keys, what they encrypt and sign, and their aliases
logs/               log events and the patterns that find them
secrets_manager/    secrets, their versions and staging labels
awslambda/          functions: their policies, runtimes and lists
events/             EventBridge's events, patterns, rules and buses
sns/                topics, messages and subscriptions
sqs/                queues keep the attributes that a request does not name; their policies
swf.py              polls for which there is no task

desired.py          what the data plane is to do
desired_instance.py   what of it is an instance
reconciler.py       how that moves instances, targets and groups on
snapshot.py         the whole state as bytes, and back
"""
