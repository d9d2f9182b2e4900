"""Members of requests that nothing here reads: refused by name, as they would have no effect.

A contract test walks AWS's models for members that are neither read nor listed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_NO = ("false", "off")
_EVERY = ()
"""No value of theirs means the same as leaving them out."""

_REFUSED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "acm": {
        "CertificateKeyPairOrigins": _EVERY,
        "ManagedBy": _EVERY,
        "SortBy": _EVERY,
        "SortOrder": _EVERY,
    },
    "autoscaling": {"Operator": _EVERY},
    "cloudformation": {
        "DeploymentConfig.Mode": ("standard",),
        "DeploymentMode": _EVERY,
        "ForceRollback": _NO,
        "ImportExistingResources": _NO,
        "ResourcesToImport": _EVERY,
    },
    "dynamodb": {
        "BillingModeOverride": _EVERY,
        "DisassociationProtectionEnabled": _NO,
        "ExclusiveStartBackupArn": _EVERY,
        "ExportTime": _EVERY,
        "FilterSpecification": _EVERY,
        "GlobalSecondaryIndexOverride": _EVERY,
        "GlobalTableSettingsReplicationMode": _EVERY,
        "GlobalTableSourceArn": _EVERY,
        "GlobalTableWitnessUpdates": _EVERY,
        "IncrementalExportSpecification": _EVERY,
        "LocalSecondaryIndexOverride": _EVERY,
        "MultiRegionConsistency": ("eventual",),
        "OnDemandThroughput": _EVERY,
        "OnDemandThroughputOverride": _EVERY,
        "ProvisionedThroughputOverride": _EVERY,
        "ReplicaUpdates": _EVERY,
        "S3SseAlgorithm": _EVERY,
        "S3SseKmsKeyId": _EVERY,
        "SSESpecificationOverride": _EVERY,
        "TimeRangeLowerBound": _EVERY,
        "TimeRangeUpperBound": _EVERY,
        "UseLatestRestorableTime": ("true",),
        "VectorIndexOverride": _EVERY,
        "VectorIndexUpdates": _EVERY,
        "VectorIndexes": _EVERY,
    },
    "elasticloadbalancing": {
        "CustomerOwnedIpv4Pool": _EVERY,
        "EnablePrefixForIpv6SourceNat": _NO,
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": _EVERY,
        "IpamPools": _EVERY,
        "TargetControlPort": _EVERY,
    },
    "events": {"InvocationConnectivityParameters": _EVERY, "LogConfig": _EVERY},
    "iam": {
        "AddPrivateKey": _EVERY,
        "AllUsers": _NO,
        "CallerArn": _EVERY,
        "OrderedOrganizationPolicyInputList": _EVERY,
        "PolicyExclusionList": _EVERY,
        "RemovePrivateKey": _EVERY,
        "ResourceHandlingOption": _EVERY,
        "ResourceOwner": _EVERY,
        "ResourcePolicy": _EVERY,
    },
    "kms": {
        "CustomKeyStoreId": _EVERY,
        "DestinationEncryptionAlgorithm": ("symmetric_default",),
        "GranteeServicePrincipal": _EVERY,
        "IncludeKeyMaterial": _EVERY,
        "Recipient": _EVERY,
        "ResourceOwners": _EVERY,
        "RetiringServicePrincipal": _EVERY,
        "RotationPeriodInDays": ("365",),
        "SourceEncryptionAlgorithm": ("symmetric_default",),
        "XksKeyId": _EVERY,
    },
    "logs": {
        "accountIdentifiers": _EVERY,
        "applyOnTransformedLogs": _NO,
        "dataSources": _EVERY,
        "deletionProtectionEnabled": _NO,
        "deliverySourceConfiguration": _EVERY,
        "deliverySourceNames": _EVERY,
        "emitSystemFieldDimensions": _EVERY,
        "emitSystemFields": _EVERY,
        "expectedRevisionId": _EVERY,
        "fieldIndexNames": _EVERY,
        "fieldSelectionCriteria": _EVERY,
        "includeLinkedAccounts": _NO,
        "logGroupClass": ("standard",),
        "logGroupTags": _EVERY,
        "policyScope": ("account",),
        "queryLanguage": ("cwli",),
    },
    "monitoring": {
        "AlarmContributorId": _EVERY,
        "ApplyOnTransformedLogs": _NO,
        "ChildrenOfAlarmName": _EVERY,
        "EntityMetricData": _EVERY,
        "IncludeLinkedAccounts": _NO,
        "OwningAccount": _EVERY,
        "ParentsOfAlarmName": _EVERY,
    },
    "secretsmanager": {
        "CrossAccountPrimaryARN": _EVERY,
        "ExternalSecretRotationMetadata": _EVERY,
        "ExternalSecretRotationRoleArn": _EVERY,
        "RotationToken": _EVERY,
    },
    "sns": {"DataProtectionPolicy": _EVERY},
    "ssm": {
        "AlarmConfiguration": _EVERY,
        "AvailableSecurityUpdatesComplianceStatus": _EVERY,
        "CloudWatchOutputConfig": _EVERY,
        "DocumentHash": _EVERY,
        "PolicyHash": _EVERY,
    },
    "sts": {"ProvidedContexts": _EVERY},
}
"""By a service's name in signatures and by member (one of a member's members as `a.b`), values that
mean the same as leaving it out."""

WITHOUT_EFFECT: Mapping[str, frozenset[str]] = {
    "autoscaling": frozenset({"IncludeManagedResources", "SkipZonalShiftValidation"}),
    "cloudformation": frozenset({"DisableValidation", "TemplateSummaryConfig"}),
    "dynamodb": frozenset({"ConfirmRemoveSelfResourceAccess", "PageSize"}),
    "kms": frozenset({"BypassPolicyLockoutSafetyCheck", "DryRunModifiers"}),
    "logs": frozenset({"forceUpdate", "maxResults", "unmask"}),
    "monitoring": frozenset({"LabelOptions", "MaxDatapoints", "StrictEntityValidation"}),
    "sqs": frozenset({"QueueOwnerAWSAccountId", "ReceiveRequestAttemptId"}),
    "ssm": frozenset({"AllowUnassociatedTargets", "DeletionMode", "DocumentHashType"}),
    "sts": frozenset({"MinimumSessionTokenSize"}),
}
"""Members whose effect nobody could see here: checks that are never made, hints."""


def refused(service: str) -> frozenset[str]:
    """The members that requests to a service may not give."""
    return frozenset(_REFUSED.get(service, {}))


def found(service: str, members: Mapping[str, Any]) -> Iterator[str]:
    """Yield what to say of each such member that a request gives."""
    for name, harmless in _REFUSED.get(service, {}).items():
        given = _value_of(members, name)
        if given not in (None, "", [], {}) and str(given).lower() not in harmless:
            yield f"{name} is not emulated by the local AWS; leave it out"


def _value_of(members: Mapping[str, Any], path: str) -> Any:
    value: Any = members
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
