"""What differs, per resource type, from moto's model; `registry.py` lists the types."""
