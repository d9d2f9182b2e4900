"""A launch's options for its machine, stored and returned: moto drops most of them.

Tenancy and placement, processors, enclaves, names, maintenance, capacity reservations, bandwidth,
licenses and CPU credits change nothing here. A launch template gives those that the request leaves
out, and AWS's defaults stand for the rest.

Source: API_RunInstances, API_Instance and API_DescribeInstanceCreditSpecifications in the EC2 API
Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.launches import placement_groups

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "EnclaveOptions": {"Enabled": False},
    "MaintenanceOptions": {"AutoRecovery": "default", "RebootMigration": "default"},
    "NetworkPerformanceOptions": {"BandwidthWeighting": "default"},
    "PrivateDnsNameOptions": {
        "HostnameType": "ip-name",
        "EnableResourceNameDnsARecord": False,
        "EnableResourceNameDnsAAAARecord": False,
    },
}
_PLACEMENT = {
    "Affinity": "affinity",
    "HostId": "host_id",
    "Tenancy": "tenancy",
}
"""Members of a placement, and what moto's object calls them."""
_UNLIMITED = ("t3.", "t3a.", "t4g.")
"""How the types begin whose CPU credits are unlimited unless a launch says otherwise."""
_BURSTABLE = ("t2.", *_UNLIMITED)


@dataclass
class _Given:
    options: dict[str, Any] = field(default_factory=dict)


def install() -> None:
    moto_seams.add(
        Instance,
        capacity_reservation_specification=property(_capacity_reservation),
        cpu_options=property(_cpu_options),
        enclave_options=_option("EnclaveOptions"),
        licenses=property(lambda self: _given(self).get("LicenseSpecifications", [])),
        maintenance_options=_option("MaintenanceOptions"),
        network_performance_options=_option("NetworkPerformanceOptions"),
        private_dns_name_options=_option("PrivateDnsNameOptions"),
    )
    moto_seams.replace(InstanceResponse, describe_instance_credit_specifications=_describe_credits)


def note_options(instance: Instance, asked: Mapping[str, Any]) -> None:
    """Note a launch's options. `asked` has members of RunInstances; others are ignored.

    What was noted before stays where `asked` does not name it.
    """
    kept = _given(instance)
    for name in (*_DEFAULTS, "CpuOptions", "CreditSpecification"):
        kept[name] = {**kept.get(name, {}), **(asked.get(name) or {})}
    reservation = asked.get("CapacityReservationSpecification")
    if reservation:  # a preference or a target, never both
        kept["CapacityReservationSpecification"] = dict(reservation)
    if asked.get("LicenseSpecifications"):
        kept["LicenseSpecifications"] = list(asked["LicenseSpecifications"])
    for name, attribute in _PLACEMENT.items():
        value = (asked.get("Placement") or {}).get(name)
        if value:
            setattr(instance._placement, attribute, value)
    placement_groups.note_place(instance, asked.get("Placement") or {})


def _given(instance: Instance) -> dict[str, Any]:
    return moto_seams.notes(instance, _Given).options


def _option(name: str) -> Any:
    return property(lambda self: {**_DEFAULTS[name], **_given(self).get(name, {})})


def _capacity_reservation(self: Instance) -> dict[str, Any]:
    given = _given(self).get("CapacityReservationSpecification")
    return given or {"CapacityReservationPreference": "open"}


def _cpu_options(self: Instance) -> dict[str, Any]:
    processors = INSTANCE_TYPES.get(self.instance_type, {}).get("VCpuInfo", {})
    of_type = {
        "CoreCount": processors.get("DefaultCores", 1),
        "ThreadsPerCore": processors.get("DefaultThreadsPerCore", 1),
    }
    return {**of_type, **_given(self).get("CpuOptions", {})}


def _describe_credits(self: InstanceResponse) -> ActionResult:
    """Of the instances that are named, or of all burstable ones whose credits are unlimited."""
    named = self._get_param("InstanceIds", [])
    if named:
        instances = self.ec2_backend.get_multi_instances_by_id(named)
    else:
        instances = [
            each
            for each in self.ec2_backend.all_instances()
            if _is_burstable(each) and _credits(each) == "unlimited"
        ]
    return ActionResult(
        {
            "InstanceCreditSpecifications": [
                {"InstanceId": instance.id, "CpuCredits": _credits(instance)}
                for instance in instances
            ]
        }
    )


def _is_burstable(instance: Instance) -> bool:
    return str(instance.instance_type).startswith(_BURSTABLE)


def _credits(instance: Instance) -> str:
    is_unlimited = str(instance.instance_type).startswith(_UNLIMITED)
    default = "unlimited" if is_unlimited else "standard"
    return str(_given(instance).get("CreditSpecification", {}).get("CpuCredits", default))
