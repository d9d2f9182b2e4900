"""Keys as they are made, named and shown.

Source: answers of the real KMS as they have been recorded; API_CreateKey: KeySpec, KeyUsage,
MultiRegion, Origin, Policy; API_ReplicateKey; API_PutKeyPolicy, API_GetKeyPolicy.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms import models, utils
from moto.kms.exceptions import NotFoundException, ValidationException
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.kms import key_states, signing

_KEY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE)
_USAGES = {
    "ECC": ("SIGN_VERIFY",),
    "HMAC": ("GENERATE_VERIFY_MAC",),
    "RSA": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
    "SM2": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
    "SYMMETRIC": ("ENCRYPT_DECRYPT",),
}
"""Those that keys of a spec may have, by how the spec begins."""
_SYMMETRIC = "SYMMETRIC_DEFAULT"

_moto_init = KmsBackend.__init__
_moto_create = KmsBackend.create_key
_signature = inspect.signature(_moto_create)
_moto_put_policy = KmsBackend.put_key_policy
_moto_replicate = KmsBackend.replicate_key
_moto_shown = Key.to_dict
_moto_answer_policy = KmsResponse.get_key_policy
_moto_answer_replica = KmsResponse.replicate_key
_moto_new_id = utils.generate_key_id
_moto_public_key = KmsResponse.get_public_key
_moto_require_name = KmsResponse._validate_key_id


def install() -> None:
    moto_seams.replace(
        KmsBackend,
        __init__=_init,
        create_key=_create,
        put_key_policy=_put_policy,
        replicate_key=_replicate,
    )
    moto_seams.replace(Key, to_dict=_shown)
    moto_seams.replace(models, generate_key_id=_new_id)
    moto_seams.replace(
        KmsResponse,
        get_key_policy=_answer_policy,
        get_public_key=_answer_public_key,
        replicate_key=_answer_replica,
        _validate_cmk_id=_require_key,
        _validate_key_id=_require_name,
    )


class Keys(dict[str, Key]):
    """A region's keys by id; moto looks up some by the ARN that a request gives."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(_id(name))

    def __missing__(self, name: str) -> Key:
        if _id(name) == name:
            raise KeyError(name)
        return self[_id(name)]


def _id(name: Any) -> str:
    return str(name).rpartition(":key/")[2]


def _init(self: KmsBackend, region_name: str, account_id: str) -> None:
    _moto_init(self, region_name, account_id)
    self.keys = Keys()


def _new_id(multi_region: bool = False) -> str:
    """Multi-Region keys: "mrk-" and no hyphen behind it; moto cannot find its own again."""
    made: str = _moto_new_id()
    return f"mrk-{made.replace('-', '')}" if multi_region else made


def _create(self: KmsBackend, *given: Any, **named: Any) -> Key:
    call = _signature.bind(self, *given, **named)
    asked = call.arguments
    spec = asked.get("key_spec") or _SYMMETRIC
    _require_kind(spec, asked.get("key_usage"))
    _require_policy(asked.get("policy"))
    asked["key_usage"] = asked.get("key_usage") or "ENCRYPT_DECRYPT"
    asked["multi_region"] = bool(asked.get("multi_region"))
    key: Key = _moto_create(*call.args, **call.kwargs)
    if key.origin == "EXTERNAL":
        key.key_state, key.enabled = "PendingImport", False
    return key


def _require_kind(spec: str, usage: str | None) -> None:
    """Raise ValidationException unless keys of the spec have the usage."""
    if spec not in utils.KeySpec.key_specs():
        raise ValidationException(f"The KeySpec {spec} is not emulated by the local AWS.")
    if usage is None and spec != _SYMMETRIC:
        raise ValidationException(
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption "
            "keys."
        )
    if usage is not None and usage not in _USAGES[spec.partition("_")[0]]:
        raise ValidationException(f"KeyUsage {usage} is not compatible with KeySpec {spec}")


def _require_policy(policy: Any) -> None:
    """Raise MalformedPolicyDocumentException for a text that is no JSON object."""
    if not isinstance(policy, str) or not policy:
        return
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise JsonRESTError(
            "MalformedPolicyDocumentException", "The new key policy is no JSON policy document."
        )


def _put_policy(self: KmsBackend, key_id: str, policy: str) -> None:
    _require_policy(policy)
    _moto_put_policy(self, key_id, policy)


def _answer_policy(self: KmsResponse) -> str:
    return json.dumps({**json.loads(_moto_answer_policy(self)), "PolicyName": "default"})


def _answer_public_key(self: KmsResponse) -> str:
    self._validate_key_id(self._get_param("KeyId"))
    key = self.kms_backend.describe_key(self._get_param("KeyId"))
    if not key.key_spec.startswith(("RSA", "ECC", "SM2")):
        raise key_states.unsupported(f"{key.arn} has no public key.")
    shown = {"KeyId": key.arn, "KeySpec": key.key_spec}
    return json.dumps({**json.loads(_moto_public_key(self)), **shown})


def _replicate(self: KmsBackend, key_id: str, replica_region: str) -> Key:
    """moto takes any key, and gives the replica what its primary key is described as."""
    key = self.describe_key(key_id)
    if not key.multi_region:
        raise key_states.unsupported(f"{key.arn} is not a multi-Region key.")
    replica: Key = _moto_replicate(self, key.id, replica_region)
    replica.description = ""
    replica.multi_region_configuration = {
        **replica.multi_region_configuration,
        "MultiRegionKeyType": "REPLICA",
    }
    return replica


def _answer_replica(self: KmsResponse) -> str:
    """It is Creating in the answer, and there at once."""
    answer = json.loads(_moto_answer_replica(self))
    metadata = {**answer["ReplicaKeyMetadata"], "Enabled": False, "KeyState": "Creating"}
    return json.dumps({**answer, "ReplicaKeyMetadata": metadata})


def _shown(self: Key) -> dict[str, Any]:
    """A key has the algorithms of its usage only."""
    shown: dict[str, Any] = _moto_shown(self)
    metadata = shown["KeyMetadata"]
    if self.key_usage == "GENERATE_VERIFY_MAC":
        metadata["MacAlgorithms"] = signing.mac_algorithms(self)
        metadata["EncryptionAlgorithms"] = metadata["SigningAlgorithms"] = None
    for name in ("EncryptionAlgorithms", "SigningAlgorithms"):
        if not metadata[name]:
            del metadata[name]
    return shown


def _require_key(self: KmsResponse, key_id: str) -> None:
    """Raise NotFoundException unless an id or an ARN is of a key in this region."""
    if key_id.startswith("arn:") and ":key/" in key_id:
        region = key_id.split(":")[3]
        if region != self.region:
            raise NotFoundException(f"Invalid arn {region}")
    elif not _KEY_ID.fullmatch(key_id):
        raise NotFoundException(f"Invalid keyId '{key_id}'")
    if self.kms_backend.get_key_id(key_id) not in self.kms_backend.keys:
        raise NotFoundException(f"Key '{self._display_arn(key_id)}' does not exist")
    key_states.require(self._get_action(), self.kms_backend.keys[key_id])


def _require_name(self: KmsResponse, key_id: str) -> None:
    """The same for an alias; and a trial run ends here."""
    _moto_require_name(self, key_id)
    backend = self.kms_backend
    key_states.require(self._get_action(), backend.keys[backend.any_id_to_key_id(key_id)])
    if self._get_param("DryRun"):
        raise JsonRESTError(
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        )
