"""The recommendation service: what runs on each instance."""
