"""Tags of EC2's resources.

resource_tags.py  a resource's own, without a look at all others
tag_rules.py      keys and types of tags that a request may give
tag_deletions.py  of all tags of a resource at once
tag_types.py      the types by which DescribeTags calls resources
"""
