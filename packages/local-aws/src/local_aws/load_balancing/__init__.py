"""Application Load Balancers, carried out by one Envoy. Start at controller.py."""
