"""What the control plane wants to exist: all that the data plane gets from it.

The control plane (AWS's APIs) produces a `DesiredState`; the data plane (instances, metadata,
load balancer) converges to it and reports back through `facts.Facts`. Everything here is immutable
and comparable, so "did anything change?" is `==`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NetworkInterface:
    """A network interface of an instance, as its metadata shows it; the first address is the
    primary one."""

    device_number: int
    interface_id: str
    mac: str
    private_ips: tuple[str, ...]
    public_ip: str | None
    subnet_id: str
    subnet_cidr_block: str
    vpc_id: str
    vpc_cidr_blocks: tuple[str, ...]
    security_groups: tuple[tuple[str, str], ...]  # id and name


@dataclass(frozen=True)
class Instance:
    """An EC2 instance that should have a running process group.

    Stopped and terminated instances are not listed. `boots` counts reboots and starts: when it
    rises, the data plane ends the instance's processes and boots it again on the same disk.
    `target_lifecycle_state` is None for an instance that is in no Auto Scaling group.
    `metadata_needs_token`: whether its metadata service is of version 2 only.
    """

    instance_id: str
    region: str
    availability_zone: str
    private_ip: str
    image_id: str
    instance_type: str
    user_data: bytes
    boots: int
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    metadata_enabled: bool = True
    metadata_tags_enabled: bool = False
    metadata_needs_token: bool = True
    target_lifecycle_state: str | None = None
    reservation_id: str = ""
    launch_index: int = 0
    availability_zone_id: str = ""
    placement_group: str | None = None
    interfaces: tuple[NetworkInterface, ...] = ()


@dataclass(frozen=True)
class HealthCheck:
    """A target group's health check, in AWS's terms. `port` is None for "traffic-port"."""

    enabled: bool
    protocol: str
    path: str
    port: int | None
    interval_seconds: int
    timeout_seconds: int
    healthy_threshold: int
    unhealthy_threshold: int
    matcher: str  # "200", "200,301", "200-299"


@dataclass(frozen=True)
class Target:
    """`target_id` is an instance id, or an address for ip target groups."""

    target_id: str
    port: int


@dataclass(frozen=True)
class Stickiness:
    """How long a client's requests go to one target, by a cookie of the load balancer's.

    With `app_cookie` that is only done for clients that have the application's cookie of that name.
    """

    seconds: int
    app_cookie: str | None = None


@dataclass(frozen=True)
class TargetGroup:
    """A target group that a listener uses, with those registered targets that may get traffic."""

    arn: str
    name: str
    target_type: str  # "instance" or "ip"
    health_check: HealthCheck
    targets: tuple[Target, ...]
    slow_start_seconds: int
    minimum_healthy_targets: int  # below it the load balancer routes to all: fail-open
    stickiness: Stickiness | None = None
    protocol: str = "HTTP"  # or "HTTPS"; a health check has its own
    algorithm: str = "round_robin"
    minimum_healthy_percentage: int = 0  # as the number: fail-open below either


@dataclass(frozen=True)
class Forward:
    """Weighted target groups: (target group arn, weight).

    `sticky_seconds` is how long a client's requests go to the same one of them; None for once.
    """

    target_groups: tuple[tuple[str, int], ...]
    sticky_seconds: int | None = None


@dataclass(frozen=True)
class FixedResponse:
    """A reply of the load balancer's own."""

    status_code: int
    content_type: str
    message_body: str


@dataclass(frozen=True)
class Redirect:
    """AWS's redirect: each part may hold #{protocol}, #{host}, #{port}, #{path}, #{query}."""

    protocol: str
    host: str
    port: str
    path: str
    query: str
    status_code: int


Action = Forward | FixedResponse | Redirect


@dataclass(frozen=True)
class HttpHeader:
    """A condition on a request's header: its value is like one of the patterns, or matches one of
    the regular expressions."""

    name: str
    patterns: tuple[str, ...]
    expressions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rewrite:
    """A transform: what matches the regular expression is replaced. $1 ... $9 are its groups."""

    expression: str
    replacement: str


@dataclass(frozen=True)
class QueryParameter:
    """A pattern for a key and one for its value; `key` is None for any. \\* and \\? are literal."""

    key: str | None
    value: str


@dataclass(frozen=True)
class Rule:
    """A listener rule: all conditions must hold, each by any of its patterns (with * and ?), or of
    its regular expressions.

    `query_parameters` has a tuple for each condition, and so have `http_headers` their patterns.
    """

    priority: int | None  # None: the listener's default action, evaluated last
    path_patterns: tuple[str, ...]
    host_patterns: tuple[str, ...]
    action: Action
    http_headers: tuple[HttpHeader, ...] = ()
    query_parameters: tuple[tuple[QueryParameter, ...], ...] = ()
    methods: tuple[str, ...] = ()
    source_cidrs: tuple[str, ...] = ()
    path_expressions: tuple[str, ...] = ()
    host_expressions: tuple[str, ...] = ()
    url_rewrite: Rewrite | None = None
    host_rewrite: Rewrite | None = None


@dataclass(frozen=True)
class Certificate:
    """A certificate with its chain and its private key, both as PEM."""

    arn: str
    chain: str
    private_key: str = field(repr=False)


@dataclass(frozen=True)
class Tls:
    """What an HTTPS listener negotiates; the first certificate is the default one.

    Versions and ciphers as AWS names them: "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256". The headers
    pass to a target what was negotiated, where the load balancer's attributes say so.
    """

    certificates: tuple[Certificate, ...]
    versions: tuple[str, ...]
    ciphers: tuple[str, ...]
    has_http2: bool
    version_header: str
    cipher_suite_header: str


@dataclass(frozen=True)
class ResponseHeaders:
    """What a listener does to the headers of each response: names and values that it adds, in the
    place of the target's own, and whether it leaves `Server` there."""

    added: tuple[tuple[str, str], ...] = ()
    has_server: bool = True


@dataclass(frozen=True)
class Listener:
    """`port` is what AWS clients see; `local_port` is where it listens on loopback.

    `tls` is None for HTTP.
    """

    arn: str
    port: int
    local_port: int
    rules: tuple[Rule, ...]
    tls: Tls | None = None
    response_headers: ResponseHeaders = ResponseHeaders()


@dataclass(frozen=True)
class RequestHeaders:
    """What a load balancer does to the headers of a request, by its attributes.

    `forwarded_for` is the processing mode of X-Forwarded-For: "append", "preserve" or "remove";
    `has_client_port` adds the client's port there. `has_tls` adds the version and the cipher suite
    that a client negotiated with an HTTPS listener. `desync_mitigation` is the mode: "monitor",
    "defensive" or "strictest".
    """

    forwarded_for: str = "append"
    has_client_port: bool = False
    has_tls: bool = False
    drops_invalid: bool = False
    desync_mitigation: str = "defensive"


@dataclass(frozen=True)
class LoadBalancer:
    """An Application Load Balancer; `dns_name` is its address on loopback, with the port.

    `has_access_log`: whether its requests are reported one by one (`Facts.take_access_log`).
    """

    arn: str
    name: str
    dns_name: str
    idle_timeout_seconds: int
    listeners: tuple[Listener, ...]
    request_headers: RequestHeaders = RequestHeaders()
    client_keep_alive_seconds: int = 3600  # how long a connection takes further requests
    has_access_log: bool = False


@dataclass(frozen=True)
class DesiredState:
    """All that the data plane is to do, over all regions."""

    instances: tuple[Instance, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    known_instances: frozenset[str] = frozenset()
    """The ids of all that EC2 shows, those among them that are stopped or terminated."""
    living_instances: frozenset[str] = frozenset()
    """The ids of those that are not terminated: they run, or may run again."""
