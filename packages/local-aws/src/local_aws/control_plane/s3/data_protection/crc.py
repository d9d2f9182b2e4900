"""Cyclic redundancy checks that Python's library does not have.

A message is a polynomial over two elements, and its check is what it leaves when it is divided.
Byte by byte that takes a second for a few MB. So a message is cut into pieces of one length, each
is multiplied by the power of x that its place stands for, and only their sum is divided: sums and
shifts of long numbers take Python little longer than C, and a second is enough for 150 MB.

Source: https://reveng.sourceforge.io/crc-catalogue/all.htm (CRC-32/ISCSI, CRC-64/NVME).
"""

from __future__ import annotations

import functools
from typing import NamedTuple

_PIECE = 16_384
"""Bytes in a piece."""


class Crc(NamedTuple):
    """`bits` is its width, `polynomial` is without its highest term, its constant term first.

    It begins with all bits set, and ends with all inverted, as those that S3 has.
    """

    bits: int
    polynomial: int

    def of(self, data: bytes) -> int:
        """The check of all the data."""
        mask = (1 << self.bits) - 1
        view = memoryview(data)
        rest = len(view) % _PIECE
        value = self._divided(view[:rest], mask)
        if len(view) > rest:
            value = self._divided(self._sum(view[rest:], value), 0)
        return value ^ mask

    def _sum(self, data: memoryview, before: int) -> bytes:
        """A message of little more than a piece with the check that all the pieces have.

        `before` is the check of what stands before them.
        """
        sums = [0] * self.bits  # of the pieces whose factor has this bit
        factor, step = 1 << (self.bits - 1), self._power_of_x(8 * _PIECE)
        for end in range(len(data), 0, -_PIECE):
            piece = int.from_bytes(data[end - _PIECE : end], "little")
            if end == _PIECE:
                piece ^= before
            for bit in range(self.bits):
                if factor >> bit & 1:
                    sums[bit] ^= piece
            factor = self._product(factor, step)
        total = 0
        for bit in reversed(range(self.bits)):
            total = total << 1 ^ sums[bit]
        return (total << 1).to_bytes(_PIECE + self.bits // 8, "little")

    def _divided(self, data: bytes | memoryview, value: int) -> int:
        """What is left of the value followed by the data."""
        table = _remainders(self)
        for byte in data:
            value = table[(value ^ byte) & 255] ^ value >> 8
        return value

    def _times_x(self, value: int) -> int:
        return value >> 1 ^ (self.polynomial if value & 1 else 0)

    def _product(self, one: int, other: int) -> int:
        """Of two polynomials, divided; the highest bit is the constant term."""
        result = 0
        for bit in reversed(range(self.bits)):
            if one >> bit & 1:
                result ^= other
            other = self._times_x(other)
        return result

    def _power_of_x(self, exponent: int) -> int:
        result, square = 1 << (self.bits - 1), 1 << (self.bits - 2)
        while exponent:
            if exponent & 1:
                result = self._product(square, result)
            square = self._product(square, square)
            exponent >>= 1
        return result


@functools.cache
def _remainders(crc: Crc) -> list[int]:
    """What each byte leaves."""
    table = list(range(256))
    for _ in range(8):
        table = [crc._times_x(value) for value in table]
    return table


CRC32C = Crc(32, 0x82F63B78)
CRC64NVME = Crc(64, 0x9A6C9329AC4BC9B5)
