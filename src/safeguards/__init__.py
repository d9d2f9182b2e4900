"""What is checked before a play touches the service: input, environment, ownership, operator."""
