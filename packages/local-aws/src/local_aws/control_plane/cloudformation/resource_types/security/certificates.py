"""Certificates, and those that a listener has besides its default one; moto has neither."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    as_tag_list,
    tags_of,
)


class Certificate(ResourceType):
    """It is issued at once; on AWS the stack waits until its domain is validated.

    AWS: "AWS::CertificateManager::Certificate" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset({"CertificateTransparencyLoggingPreference", "Tags"})

    def create(self, place: Place, properties: Properties) -> Any:
        acm = backends.acm(place)
        arn = acm.request_certificate(
            properties["DomainName"],
            None,
            properties.get("SubjectAlternativeNames", []),
            as_tag_list({**place.tags, **tags_of(properties)}),
            properties.get("CertificateAuthorityArn"),
            _options(properties),
        )
        return acm.get_certificate(arn)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        model.cert_options.update(_options(new))
        removed = set(tags_of(old)) - set(tags_of(new))
        model.tags.remove([{"Key": name} for name in removed if name in model.tags])
        model.tags.add(as_tag_list(tags_of(new)))
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.acm(place).delete_certificate(model.arn)

    def physical_id(self, model: Any) -> str:
        return str(model.arn)


class ListenerCertificate(ResourceType):
    """AWS: "AWS::ElasticLoadBalancingV2::ListenerCertificate" in the CloudFormation Template
    Reference."""

    def create(self, place: Place, properties: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        elbv2.add_listener_certificates(properties["ListenerArn"], properties["Certificates"])
        return f"{properties['ListenerArn']}/{place.logical_id}"

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.elbv2(place).remove_listener_certificates(
            properties["ListenerArn"], properties["Certificates"]
        )

    def physical_id(self, model: Any) -> str:
        return str(model)


def _options(properties: Properties) -> dict[str, str]:
    preference = properties.get("CertificateTransparencyLoggingPreference", "ENABLED")
    return {
        "CertificateTransparencyLoggingPreference": preference,
        "Export": properties.get("CertificateExport", "DISABLED"),
    }
