"""Replacing all instances of a group, a few at a time.

instance_refresh.py     as StartInstanceRefresh does
rolling_update.py       as CloudFormation's update policy does, batch by batch
rolling_update_plan.py  that policy and the choice of a batch: pure decisions
"""
