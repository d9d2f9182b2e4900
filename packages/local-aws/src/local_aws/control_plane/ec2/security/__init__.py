"""Security groups and their rules, key pairs, and the profiles of instances.

security_groups.py       their names, default rules, and what calls on rules answer
security_group_texts.py  the characters of their names and descriptions
vpc_security_groups.py   the groups of a network
cidr_blocks.py           ranges of addresses in their rules
rule_protocols.py        which protocols of rules have ports
rule_descriptions.py     how descriptions of rules change
rule_peers.py            what makes two rules the same; canonical ranges
rule_networks.py         the groups that rules may be about
key_pairs.py             RSA keys are made outside the lock, ED25519 keys' fingerprints
instance_profiles.py     one association, the same in every listing
"""
