"""The places of corrections inside moto."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local_aws.control_plane import moto_seams


class Backend:
    def answer(self) -> str:
        return "moto"


def wrapping(inner: Callable[[Backend], str]) -> Callable[[Backend], str]:
    def answer(self: Backend) -> str:
        return f"corrected {inner(self)}"

    return answer


@pytest.fixture
def backend() -> type[Backend]:
    return type("FreshBackend", (Backend,), {})


def test_a_place_that_moto_does_not_have_any_more(backend: type[Backend]) -> None:
    with pytest.raises(AttributeError, match="has no gone to replace any more"):
        moto_seams.replace(backend, gone=lambda _: "")


def test_a_member_that_moto_has_now(backend: type[Backend]) -> None:
    with pytest.raises(AttributeError, match="has a answer of its own now"):
        moto_seams.add(backend, answer=lambda _: "")


def test_a_second_correction_rests_on_the_first(backend: type[Backend]) -> None:
    moto_seams.replace(backend, answer=wrapping(backend.answer))
    moto_seams.replace(backend, answer=wrapping(backend.answer))
    assert backend().answer() == "corrected corrected moto"


def test_a_second_correction_does_not_undo_the_first(backend: type[Backend]) -> None:
    moto_seams.replace(backend, answer=wrapping(backend.answer))
    with pytest.raises(AttributeError, match="would undo another one"):
        moto_seams.replace(backend, answer=wrapping(Backend.answer))
    assert backend().answer() == "corrected moto"


def test_notes_that_two_threads_begin_at_once_are_the_same() -> None:
    """Keys are looked up without the lock, while STS issues some under it."""
    backend = Backend()
    begun: list[Keys] = []

    class Keys(dict[str, str]):
        def __init__(self) -> None:
            begun.append(self)
            if len(begun) == 1:  # another thread comes in between
                moto_seams.notes(backend, Keys)

    assert moto_seams.notes(backend, Keys) is begun[1]
    assert moto_seams.notes(backend, Keys) is begun[1]
