#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: instance_profile_association
short_description: Associate an IAM instance profile with an EC2 instance, or remove it
description:
  - Associates an EC2 instance with the given IAM instance profile, or with none, and waits until
    EC2 reports it.
  - Returns what was associated before, so that it can be restored.
  - A process that runs on the instance keeps the credentials it holds until they expire.
    Reboot the instance with M(instance_reboot) to take them away at once.
author:
  - The contributors of this project
options:
  instance_id:
    description: The id of the instance.
    type: str
    required: true
  instance_profile:
    description:
      - The name or the ARN of the instance profile. Another one that is associated is replaced.
      - Required when O(state=present).
    type: str
  state:
    description: Whether the instance has O(instance_profile), or no instance profile at all.
    type: str
    choices: [present, absent]
    default: present
  timeout_seconds:
    description: How long to wait until EC2 lists the association, or no longer lists it.
    type: float
    default: 60
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Predicts the change and makes no call that changes anything.
    support: full
  diff_mode:
    description: Shows the instance profile before and after.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Take the instance profile away
  instance_profile_association:
    instance_id: i-0123456789abcdef0
    state: absent
  register: taken

- name: Give it back
  instance_profile_association:
    instance_id: i-0123456789abcdef0
    instance_profile: "{{ taken.previous.instance_profile_arn }}"
  when: taken.previous
"""

RETURN = r"""
previous:
  description: The association before this task, or V(none) when there was none.
  returned: always
  type: dict
  contains: &association
    association_id:
      description: The id of the association. In check mode a new one has none.
      returned: always
      type: str
      sample: iip-assoc-0123456789abcdef0
    instance_profile_arn:
      description: The ARN of the instance profile. In check mode a new one has the given name.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:instance-profile/recommendation-server
    state:
      description: V(associating), V(associated) or V(disassociating).
      returned: always
      type: str
      sample: associated
association:
  description: The association after this task, or V(none) when there is none.
  returned: always
  type: dict
  contains: *association
"""

from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

INTERVAL_SECONDS = 0.5

Association = dict[str, Any]


def name_of(profile: str) -> str:
    """The name of an instance profile that is given by name or by ARN."""
    return profile.rpartition("/")[2]


def is_profile(association: Association | None, wanted: str) -> bool:
    """Whether `association` is with the profile `wanted`, given by name or by ARN."""
    if association is None:
        return False
    arn = association["instance_profile_arn"]
    return wanted in (arn, name_of(arn))


def current_of(associations: list[Association]) -> Association | None:
    """The one association that counts among those EC2 lists for an instance.

    After a replacement EC2 lists the old one, disassociating, beside the new one. It may also
    still list one that has ended.
    """
    living = [each for each in associations if each["state"] != "disassociated"]
    living.sort(key=lambda each: each["state"] == "disassociating")
    return living[0] if living else None


class InstanceProfiles:
    """EC2's calls on the profile of one instance."""

    def __init__(self, ec2: Any, instance_id: str, timeout_seconds: float, check_mode: bool):
        self._ec2 = ec2
        self._instance_id = instance_id
        self._timeout_seconds = timeout_seconds
        self._check_mode = check_mode

    def current(self) -> Association | None:
        listed = aws_call(
            f"list the instance profile associations of {self._instance_id}",
            self._ec2.describe_iam_instance_profile_associations,
            Filters=[{"Name": "instance-id", "Values": [self._instance_id]}],
        )["IamInstanceProfileAssociations"]
        return current_of(
            [
                {
                    "association_id": each["AssociationId"],
                    "instance_profile_arn": each["IamInstanceProfile"]["Arn"],
                    "state": each["State"],
                }
                for each in listed
            ]
        )

    def associate(self, profile: str, previous: Association | None) -> Association | None:
        if self._check_mode:
            return {"association_id": None, "instance_profile_arn": profile, "state": "associated"}
        request = {"Arn" if profile.startswith("arn:") else "Name": profile}
        if previous and previous["state"] == "disassociating":
            # EC2 refuses a second association, and a replacement of one that is ending.
            previous = self.wait(None)
        if previous is None:
            aws_call(
                f"associate instance profile {profile} with {self._instance_id}",
                self._ec2.associate_iam_instance_profile,
                InstanceId=self._instance_id,
                IamInstanceProfile=request,
            )
        else:
            aws_call(
                f"replace the instance profile of {self._instance_id} with {profile}",
                self._ec2.replace_iam_instance_profile_association,
                AssociationId=previous["association_id"],
                IamInstanceProfile=request,
            )
        return self.wait(profile)

    def disassociate(self, previous: Association) -> None:
        if self._check_mode:
            return
        if previous["state"] != "disassociating":
            aws_call(
                f"disassociate the instance profile of {self._instance_id}",
                self._ec2.disassociate_iam_instance_profile,
                AssociationId=previous["association_id"],
            )
        self.wait(None)

    def wait(self, profile: str | None) -> Association | None:
        """Wait until EC2 lists `profile` as associated, or lists none."""

        def reached(association: Association | None) -> bool:
            if profile is None or association is None:
                return association is None and profile is None
            return is_profile(association, profile) and association["state"] == "associated"

        try:
            found: Association | None = wait_for(
                self.current,
                reached,
                timeout_seconds=self._timeout_seconds,
                interval_seconds=INTERVAL_SECONDS,
                check_mode=self._check_mode,
            )
        except NotReachedError as error:
            wanted = "no instance profile" if profile is None else f"instance profile {profile}"
            raise AnsibleAWSError(
                f"{self._instance_id} did not get {wanted} within {error.waited_seconds:.0f} s. "
                f"Seen at the end: {error.last or 'no association'}. "
                "Look at the instance's state, or raise timeout_seconds."
            ) from error
        return found


def ensure(profiles: InstanceProfiles, wanted: str | None) -> dict[str, Any]:
    """Make the instance have the profile `wanted`, or none; return the module's result."""
    previous = association = profiles.current()
    if wanted is None:
        changed = previous is not None
        if previous is not None:
            profiles.disassociate(previous)
            association = None
    elif (
        previous is None
        or previous["state"] == "disassociating"
        or not is_profile(previous, wanted)
    ):
        changed = True
        association = profiles.associate(wanted, previous)
    else:
        changed = False
        if previous["state"] != "associated":
            association = profiles.wait(wanted)
    return {"changed": changed, "previous": previous, "association": association}


def profile_diff(instance_id: str, result: dict[str, Any]) -> dict[str, Any]:
    def shown(association: Association | None) -> dict[str, Any]:
        name = name_of(association["instance_profile_arn"]) if association else None
        return {"instance_id": instance_id, "instance_profile": name}

    return {"before": shown(result["previous"]), "after": shown(result["association"])}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "instance_id": {"type": "str", "required": True},
            "instance_profile": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "timeout_seconds": {"type": "float", "default": 60},
        },
        required_if=[("state", "present", ["instance_profile"])],
        supports_check_mode=True,
    )
    options = module.params
    profiles = InstanceProfiles(
        module.client("ec2"), options["instance_id"], options["timeout_seconds"], module.check_mode
    )
    try:
        is_wanted = options["state"] == "present"
        result = ensure(profiles, options["instance_profile"] if is_wanted else None)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(diff=profile_diff(options["instance_id"], result), **result)


if __name__ == "__main__":
    main()
