"""Cyclic redundancy checks against published values, and against Python's own."""

from __future__ import annotations

import random
import zlib

import pytest

from local_aws.control_plane.s3.data_protection.crc import CRC32C, CRC64NVME, Crc

_CHECK = b"123456789"


@pytest.mark.parametrize(
    ("crc", "data", "value"),
    [
        (CRC32C, _CHECK, 0xE3069283),
        (CRC64NVME, _CHECK, 0xAE8B14860A799888),
        (CRC32C, bytes(32), 0x8A9136AA),
        (CRC32C, b"\xff" * 32, 0x62A8AB43),
        (CRC32C, bytes(range(32)), 0x46DD794E),
        (CRC64NVME, bytes(4096), 0x6482D367EB22B64E),
        (CRC64NVME, b"\xff" * 4096, 0xC0DDBA7302ECA3AC),
        (CRC32C, b"", 0),
        (CRC64NVME, b"", 0),
    ],
)
def test_published_values(crc: Crc, data: bytes, value: int) -> None:
    """The catalogue of parametrised CRC algorithms (check); RFC 3720, B.4; "64b CRC test cases" in
    the NVM Express NVM Command Set Specification."""
    assert crc.of(data) == value


@pytest.mark.parametrize("length", [1, 7, 16_383, 16_384, 16_385, 32_768, 100_000])
def test_any_length_is_as_zlibs(length: int) -> None:
    data = _any(length)
    assert Crc(32, 0xEDB88320).of(data) == zlib.crc32(data)


@pytest.mark.parametrize(
    ("crc", "value"),
    [(CRC32C, 0x394BFF04), (CRC64NVME, 0xBA17F0F17295503E)],
    ids=["CRC32C", "CRC64NVME"],
)
def test_many_pieces_are_as_the_aws_common_runtimes(crc: Crc, value: int) -> None:
    assert crc.of(_any(70_000)) == value


def _any(length: int) -> bytes:
    return random.Random(length).randbytes(length)  # noqa: S311 - they need not be secret
