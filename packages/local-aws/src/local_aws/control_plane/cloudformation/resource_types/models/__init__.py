"""What moto's models of resources do, and what they leave out.

moto_models.py      which types moto's own models handle
moto_attributes.py  what Fn::GetAtt returns where moto's object calls it otherwise
moto_updates.py     which properties moto's own updates really change
physical_ids.py     what Ref returns where moto's object does not have it
physical_names.py   the names that CloudFormation generates, within AWS's lengths
usual_values.py     what AWS takes for a property that is left out
"""
