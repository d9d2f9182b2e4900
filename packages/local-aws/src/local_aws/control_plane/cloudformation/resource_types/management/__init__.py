"""Management: CloudFormation's own types, CloudWatch, Logs and Systems Manager.

wait_conditions.py         wait conditions and the URLs that take their signals
wait_condition_signals.py  which instances would signal to one
custom_resource.py         custom resources: refused or skipped
cloudwatch.py              alarms
logs.py                    log groups, streams, filters
ssm_document.py            documents
ssm_parameter.py           parameters
"""
