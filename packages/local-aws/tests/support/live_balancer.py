"""A load balancer made through AWS's API, carried out by a real Envoy, with real targets."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from load_balancing_world import Target, wait_for

from local_aws.contract.desired_state import DesiredState, LoadBalancer
from local_aws.contract.facts import TargetKey
from local_aws.control_plane import desired
from local_aws.control_plane.lock import LOCK
from local_aws.load_balancing.controller import LoadBalancing


@dataclass(frozen=True)
class Reply:
    """`headers` has names in small letters; `cookies` are the Set-Cookie headers."""

    status: int
    body: bytes
    headers: dict[str, str]
    cookies: tuple[str, ...] = ()


@dataclass
class LiveBalancer:
    """One load balancer; `elbv2` is the client that it was made with."""

    elbv2: Any
    arn: str
    vpc_id: str
    load_balancing: LoadBalancing

    def carry_out(self) -> None:
        """Make Envoy do what the API says now; it must take all of it."""
        described = self.elbv2.describe_target_groups(PageSize=400)["TargetGroups"]
        used = {
            each["TargetGroupArn"] for each in described if self.arn in each["LoadBalancerArns"]
        }
        with LOCK:
            state = desired.desired_state()
        balancers = tuple(each for each in state.load_balancers if each.arn == self.arn)
        own = tuple(each for each in state.target_groups if each.arn in used)
        self.load_balancing.reconcile(DesiredState(load_balancers=balancers, target_groups=own), {})
        assert self.load_balancing.refusal is None

    def listen(self, port: int, action: dict[str, Any], **more: Any) -> str:
        """Create a listener; returns its ARN."""
        made = self.elbv2.create_listener(
            LoadBalancerArn=self.arn, Port=port, DefaultActions=[action], **more
        )
        self.carry_out()
        return str(made["Listeners"][0]["ListenerArn"])

    def listen_https(
        self, certificate: str, action: dict[str, Any] | None = None, **more: Any
    ) -> str:
        """Create a listener at port 443 that says "ok", or does `action`; returns its ARN."""
        given = [{"CertificateArn": certificate}]
        return self.listen(443, action or fixed("ok"), Protocol="HTTPS", Certificates=given, **more)

    def described_listener(self, listener: str) -> dict[str, Any]:
        found: dict[str, Any] = self.elbv2.describe_listeners(ListenerArns=[listener])
        return found["Listeners"][0]

    def target_group(self, name: str, *targets: Target) -> str:
        """Create a target group of these; it is checked once a listener uses it."""
        group = self.elbv2.create_target_group(
            Name=name,
            Protocol="HTTP",
            Port=80,
            VpcId=self.vpc_id,
            TargetType="ip",
            HealthCheckIntervalSeconds=1,
            HealthCheckTimeoutSeconds=2,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]
        self.elbv2.register_targets(
            TargetGroupArn=group,
            Targets=[{"Id": host, "Port": port} for host, port in (t.address for t in targets)],
        )
        return str(group)

    def await_state(self, group: str, target: Target, state: str) -> None:
        key = TargetKey(group, *target.address)

        def reached() -> bool:
            self.carry_out()
            return self.load_balancing.target_health()[key].state == state

        wait_for(reached)

    def local_port(self, port: int) -> int:
        with LOCK:
            balancers = desired.desired_state().load_balancers
        balancer: LoadBalancer = next(each for each in balancers if each.arn == self.arn)
        return next(each.local_port for each in balancer.listeners if each.port == port)

    def get(
        self,
        path: str = "/",
        headers: dict[str, str] | None = None,
        *,
        port: int = 80,
        method: str = "GET",
        tls: ssl.SSLContext | None = None,
        client: str = "127.0.0.1",
        body: bytes | None = None,
    ) -> Reply:
        """Ask the listener on that port; `client` is the loopback address to come from."""
        address = ("127.0.0.1", self.local_port(port))
        source = (client, 0)
        if tls:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                *address, timeout=5, source_address=source, context=tls
            )
        else:
            connection = http.client.HTTPConnection(*address, timeout=5, source_address=source)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            cookies = tuple(response.headers.get_all("set-cookie", ()))
            return Reply(response.status, response.read(), found, cookies)
        finally:
            connection.close()


MakeBalancer = Callable[[str], LiveBalancer]
"""Creates a load balancer of that name, without listeners."""


def fixed(text: str) -> dict[str, Any]:
    response = {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": text}
    return {"Type": "fixed-response", "FixedResponseConfig": response}


def forward(*groups: str, sticky_seconds: int | None = None) -> dict[str, Any]:
    config: dict[str, Any] = {"TargetGroups": [{"TargetGroupArn": arn} for arn in groups]}
    if sticky_seconds:
        stickiness = {"Enabled": True, "DurationSeconds": sticky_seconds}
        config["TargetGroupStickinessConfig"] = stickiness
    return {"Type": "forward", "ForwardConfig": config}
