"""How a resource is created, changed and deleted, whatever type it is of.

base.py             the default: a type as moto handles it
backends.py         where moto's resources live
by_api.py           types whose resources are changed through their service's own API
deletions.py        types that moto creates and cannot delete
fields.py           types whose properties are fields of moto's object
list_changes.py     which entries a list has gained and lost
custom_names.py     resources that users have named
read_properties.py  which properties a creation has read
without_effect.py   types and properties that are stored without effect
"""
