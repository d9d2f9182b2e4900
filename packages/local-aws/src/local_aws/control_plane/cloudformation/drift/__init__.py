"""Drift: how resources differ from what their stack declares.

    records.py      what detections have found: plain data, saved with the stack
    detection.py    a detection on a stack or on one of its resources
    comparison.py   what of declared properties differs from the actual ones
    attachments.py  what other resources of the stack add to a resource
    readers/        for each type, its actual properties as its service's API shows them
    answers.py      all this in the shape of AWS's answers

Compared is what the template declares, and of that what the schema of the type lets be read.
AWS: "Detect unmanaged configuration changes to stacks and resources with drift detection" in the
CloudFormation User Guide.
"""
