"""Storage: S3, DynamoDB, RDS and Redshift.

s3.py                 buckets and their policies
s3_configurations.py  a bucket's configurations in S3's API
dynamodb.py           tables
global_table.py       global tables with one replica
databases.py          database instances, clusters of Redshift
database_clusters.py  clusters of databases and their parameter groups
database_proxies.py   proxies of databases and their target groups
"""
