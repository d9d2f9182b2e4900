"""Whether a play may change something in this account and region of AWS."""

from __future__ import annotations

from collections.abc import Collection

from safeguards.environment import EMULATED_ACCOUNT

INVENTORY = "inventory/aws/group_vars/service.yml"


def region_refusal(region: str, allowed: Collection[str]) -> str | None:
    if region in allowed:
        return None
    return (
        f"The region {region} is not in allowed_regions ({', '.join(allowed) or 'empty'}) of "
        f"{INVENTORY}. Add it there, or choose another one: export AWS_REGION=..."
    )


def account_refusal(account: str, allowed: Collection[str]) -> str | None:
    if account == EMULATED_ACCOUNT:
        return (
            f"The account is {EMULATED_ACCOUNT}, which no customer of AWS has: an emulator "
            "answers. Use the local AWS without -i inventory/aws"
        )
    if account not in {str(each) for each in allowed}:
        return (
            f"The account {account} is not in allowed_accounts of {INVENTORY}. If it is the one "
            f'you mean, add "{account}" there'
        )
    return None


def confirmation_refusal(account: str, given: str) -> str | None:
    """`given`: what was typed at the prompt or with -e confirm=; empty when nothing was."""
    if given == account:
        return None
    if given:
        return f"confirm is {given!r}, and the account is {account}. Nothing was changed."
    return (
        f"This play changes the account {account}, and nobody can be asked: there is no terminal. "
        f"Confirm it with: -e confirm={account}"
    )
