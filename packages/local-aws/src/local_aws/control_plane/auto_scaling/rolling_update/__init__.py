"""CloudFormation's rolling update: all instances of a group replaced, batch by batch.

rollout.py  carries it out
plan.py     the policy and the choice of a batch: pure decisions
"""
