"""What a terminal shows of a playbook: what happens to the service, not each task.

`narrator` decides what is said of what Ansible does, `scenario` of a scenario's phases; each thing
said is a `row`. `drawing` makes text of rows, `screen` shows it. `records` reads what the
observation has recorded so far, and which `standing_faults` that makes, `events` what
CloudFormation does. `last_line` says what is left to do at the end. `log_file` keeps what Ansible
itself says, without `secrets`.

callback_plugins/story.py and ansible_log.py hear what Ansible does, and call this.
"""
