"""Application integration: SQS, SNS, EventBridge, API Gateway and IoT.

messaging.py           queues and topics
messaging_policies.py  their policies, and subscriptions
event_rule.py          rules of event buses
api_gateway.py         methods and deployments of REST APIs
iot.py                 things
"""
