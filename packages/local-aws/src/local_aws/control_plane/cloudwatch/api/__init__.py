"""CloudWatch's API, where moto differs.

alarms.py           alarms and their states
alarm_histories.py  what happened to alarms, also to those that are deleted
alarm_metrics.py    alarms whose Metrics are one metric
alarm_request.py    what PutMetricAlarm accepts, and how it refuses the rest
dashboards.py       dashboards that are not there
get_metric_data.py  values of several metrics, in pages
metric_reading.py   what the calls that read metrics share
metrics.py          statistics of one metric, and lists of metrics
pages.py            lists of alarms and of their history in pages
put_metric_data.py  which data CloudWatch takes
"""
