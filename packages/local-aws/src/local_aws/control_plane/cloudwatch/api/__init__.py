"""CloudWatch's API, where moto differs.

alarms.py         alarms, their states and their history
alarm_metrics.py  alarms whose Metrics are one metric
alarm_request.py  what PutMetricAlarm accepts, and how it refuses the rest
metrics.py        metrics, and their statistics
"""
