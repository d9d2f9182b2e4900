"""What IAM's requests and answers have in common, whatever they are about.

names.py          each name is taken once
unique_ids.py     they begin with what they are of
reserved_tags.py  AWS's own, which nobody sets
quotas.py         of policies and groups
pages.py          lists in pages
answers.py        which members answers have
error_words.py    errors in AWS's words
"""
