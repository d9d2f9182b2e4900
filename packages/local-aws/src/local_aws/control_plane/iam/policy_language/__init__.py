"""The policy language: what the statements of a document mean. Pure decisions.

policies.py           evaluating policy documents
conditions.py         the Condition blocks of their statements
policy_variables.py   ${aws:username} in them
resource_patterns.py  * and ? in their resources
"""
