"""What all rows share: their register, the numbers that they work on, and the limit of threads."""
import os

ROWS = {}


def row(name):
    def keep(make):
        ROWS[name] = make
        return make
    return keep


def randoms(length, seed):
    """The xorshift of row.ts, so that all contenders work on the same numbers: it is linear in its bits, so a block of states
    jumps ahead by its own length."""
    import numpy as np

    def step(s):
        s ^= (s << 13) & 0xFFFFFFFF
        s ^= s >> 17
        return s ^ (s << 5) & 0xFFFFFFFF

    def jump(columns, states):
        """The states times the matrix of bits with these columns, by a table for each byte."""
        out = np.zeros_like(states)
        for byte in range(4):
            table = np.zeros(256, dtype=np.uint32)
            for bit in range(8):
                table[1 << bit : 2 << bit] = table[: 1 << bit] ^ columns[8 * byte + bit]
            out ^= table[(states >> np.uint32(8 * byte)) & np.uint32(255)]
        return out

    columns = np.array([step(1 << bit) for bit in range(32)], dtype=np.uint32)
    states = np.array([step(seed & 0xFFFFFFFF or 1)], dtype=np.uint32)
    while len(states) < length:
        states = np.concatenate([states, jump(columns, states)])
        columns = jump(columns, columns)
    return (states[:length] / 2**32 - 0.5).astype(np.float32)


def table(n, d, seed):
    return randoms(n * d, seed).reshape(n, d).astype("float64")


def torch1():
    import torch

    if os.environ.get("MARU_THREADS") == "1":
        torch.set_num_threads(1)
    return torch


def sizes(labels):
    import numpy as np

    return sorted(np.bincount(labels).tolist())
