"""For each type of resource, how AWS differs from moto's model.

nested_stack.py  stacks in a stack: they need the engine, which needs the registry
registry.py      which class handles a type
compute/         EC2's instances, volumes and templates, Batch, ECR, Lambda
integration/     SQS, SNS, EventBridge, API Gateway, IoT
management/      CloudFormation's own types, CloudWatch, Logs, Systems Manager
scaling/         EC2 Auto Scaling, Application Auto Scaling
security/        IAM, KMS, Secrets Manager, Certificate Manager
storage/         S3, DynamoDB, databases
networking/      EC2's networks, load balancers, Route 53
handlers/        how a resource is created, changed and deleted, whatever it is
models/          what moto's models of resources do, and what they leave out
"""
