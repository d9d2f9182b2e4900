"""Which of the caller's variables reach a play on the local AWS, and which AWS a play's own name.

botocore and the modules read some forty variables that choose a server, a proxy, a profile or a
certificate, and new ones come with every version. So what may stay is listed, not what may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_ALLOWED = frozenset(
    {
        # Who and where the caller is, and what programs are found.
        *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "PWD", "TMPDIR", "HOSTNAME"),
        # How text is written and read; what the terminal can do.
        *("LANG", "LANGUAGE", "TZ", "TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR"),
        *("FORCE_COLOR", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONIOENCODING"),
        *("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"),
        # Without these the Python that is running may not start again.
        *("VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        # Which local AWS is meant, and where Envoy is if not in the virtual environment.
        "LOCAL_AWS_HOME",
    }
)
_ALLOWED_PREFIXES = ("LC_", "ANSIBLE_", "__")

_CHOOSES_A_SERVER = ("AWS_ENDPOINT_URL", "AWS_URL", "EC2_URL", "S3_URL")
"""The beginnings of the names by which an AWS client is sent to another server than AWS."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

EMULATED_ACCOUNT = "123456789012"
"""The account of moto, of LocalStack and of the local AWS here; AWS uses it in examples only."""


def is_allowed(name: str) -> bool:
    return name in _ALLOWED or name.startswith(_ALLOWED_PREFIXES)


def forbidden(names: Iterable[str]) -> list[str]:
    """Those of the variables that must not reach a play on the local AWS."""
    return sorted(name for name in names if not is_allowed(name))


def other_servers(environment: Mapping[str, str], scoped_config: Mapping[str, object]) -> list[str]:
    """What would send a play that is meant for AWS to another server: an emulator, a proxy for it.

    `scoped_config` is botocore's: the profile in use.
    """
    found = sorted(
        name for name, value in environment.items() if value and name.startswith(_CHOOSES_A_SERVER)
    )
    found += [
        f"{key} in the profile" for key in ("endpoint_url", "services") if scoped_config.get(key)
    ]
    return found


def local_refusal(left: Iterable[str], environment: Mapping[str, str]) -> str | None:
    """Why a play on the local AWS may not go on: nobody else may answer.

    `left` are the names of ansible-playbook's own variables, `environment` is that of the tasks.
    """
    strangers = forbidden(left)
    if strangers:
        return (
            f"The environment of this play has {', '.join(strangers)}, which must not reach the "
            "local AWS. Type the command in the repository's root, or unset them"
        )
    endpoint = environment.get("AWS_ENDPOINT_URL", "")
    if not endpoint:
        return "The local AWS is not running. Start it with: local-aws start"
    if urlsplit(endpoint).hostname not in _LOOPBACK:
        return f"The local AWS is at {endpoint}, which is not on this machine"
    return None


def aws_refusal(environment: Mapping[str, str], scoped_config: Mapping[str, object]) -> str | None:
    """Why a play on AWS may not go on: only AWS may answer. See `other_servers`."""
    servers = other_servers(environment, scoped_config)
    if not servers:
        return None
    return (
        f"{', '.join(servers)} would send this play to another server than AWS. Unset it "
        "to use AWS, or leave out -i inventory/aws to use the local AWS"
    )


def two_regions_refusal(region: str, environment: Mapping[str, str]) -> str | None:
    """Why a play may not go on whose names and policies are of another region than its calls.

    `region` is what the variable `aws_region` says, `environment` that of the tasks.
    """
    called = environment.get("AWS_REGION", region)
    if called == region:
        return None
    return (
        f"aws_region is {region!r}, but the calls of this play go to {called}, the AWS_REGION of "
        f"aws_environment. Leave out aws_region, or set AWS_REGION to {region} there too"
    )


def client_arguments(environment: Mapping[str, str]) -> dict[str, str | None]:
    """The arguments of a boto3 client of the AWS that tasks with this environment talk to.

    What is None is found as every AWS client finds it.
    """
    return {
        "region_name": environment["AWS_REGION"],
        "endpoint_url": environment.get("AWS_ENDPOINT_URL"),
        "aws_access_key_id": environment.get("AWS_ACCESS_KEY_ID"),
        "aws_secret_access_key": environment.get("AWS_SECRET_ACCESS_KEY"),
        "aws_session_token": environment.get("AWS_SESSION_TOKEN") or None,
    }
