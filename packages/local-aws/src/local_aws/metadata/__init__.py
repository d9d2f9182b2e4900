"""The instance metadata service (IMDSv2): documents.py says what, service.py serves it."""
