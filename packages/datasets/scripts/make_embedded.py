"""Writes src/embedded/*.ts, the numbers of the embedded data sets, in a compact and exact form.

    /usr/bin/python3 scripts/make_embedded.py

Needs scikit-learn (its packaged data files are read, nothing is downloaded) and R with MASS for the Boston data.
A table is kept column by column: each value as an integer, value * 10**decimals, in as few little-endian bytes as the
column needs. An integer divided by a power of ten is correctly rounded, so decoding gives the very double of the decimal text;
values for which that does not hold are listed as `exact`. The digits are text: a small letter is the ink of a pixel
(a = 1 ... p = 16), a capital letter a run of blank pixels (A = 1 ... Z = 26).
"""

import base64
import subprocess
from pathlib import Path

import numpy as np
from sklearn import datasets

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "embedded"
WIDTH = 116


def decimals_of(column):
    for decimals in range(8):
        scaled = np.round(column * 10.0**decimals)
        if np.all(np.abs(scaled / 10.0**decimals - column) < 1e-12):
            return decimals
    raise ValueError("a column has more than 7 decimals")


def pack(table):
    decimals, widths, parts, exact = [], [], [], []
    for j, column in enumerate(table.T):
        places = decimals_of(column)
        numbers = np.round(column * 10.0**places).astype(np.int64)
        assert numbers.min() >= 0
        width = max(1, (int(numbers.max()).bit_length() + 7) // 8)
        decimals.append(places)
        widths.append(width)
        parts.append(b"".join(int(n).to_bytes(width, "little") for n in numbers))
        for i in np.flatnonzero(numbers / 10.0**places != column):
            exact.append([int(i), j, float(column[i])])
    return decimals, widths, b"".join(parts), exact


def wrapped(text):
    return "\n".join(text[i : i + WIDTH] for i in range(0, len(text), WIDTH))


def write_table(name, origin, features, target):
    table = np.column_stack([features, target]).astype(np.float64)
    decimals, widths, data, exact = pack(table)
    lines = "".join(f"    {entry},\n" for entry in exact)
    corrections = f"  exact: [\n{lines}  ],\n" if exact else ""
    (OUT / f"{name}.ts").write_text(
        f"// Made by scripts/make_embedded.py from {origin}. Do not edit.\n"
        "import type { PackedTable } from '../packed.ts';\n\n"
        "export const packed: PackedTable = {\n"
        f"  rows: {len(table)},\n"
        f"  decimals: {decimals},\n"
        f"  widths: {widths},\n"
        f"{corrections}"
        f"  base64: `\n{wrapped(base64.b64encode(data).decode())}`,\n"
        "};\n"
    )


def write_digits():
    digits = datasets.load_digits()
    text, blank = [], 0
    for value in digits.data.astype(int).ravel():
        if value == 0 and blank < 26:
            blank += 1
            continue
        if blank:
            text.append(chr(ord("A") + blank - 1))
        blank = 1 if value == 0 else 0
        if value:
            text.append(chr(ord("a") + value - 1))
    if blank:
        text.append(chr(ord("A") + blank - 1))
    labels = "".join(str(t) for t in digits.target)
    (OUT / "digits.ts").write_text(
        "// Made by scripts/make_embedded.py from scikit-learn's load_digits. Do not edit.\n\n"
        "/** 1797 images of 8 x 8 pixels: a to p are ink 1 to 16, A to Z are runs of 1 to 26 blank pixels. */\n"
        f"export const pixels: string = `\n{wrapped(''.join(text))}`;\n\n"
        "/** The digit of each image. */\n"
        f"export const labels: string = `\n{wrapped(labels)}`;\n"
    )


def boston():
    code = "write.csv(MASS::Boston, row.names = FALSE)"
    text = subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True).stdout
    return np.array([[float(field) for field in line.split(",")] for line in text.split("\n")[1:-1]])


OUT.mkdir(exist_ok=True)
for name in ["iris", "wine", "breast_cancer"]:
    bunch = getattr(datasets, f"load_{name}")()
    write_table(name.replace("_", "-"), f"scikit-learn's load_{name}", bunch.data, bunch.target)
raw = datasets.load_diabetes(scaled=False)
write_table("diabetes", "scikit-learn's load_diabetes(scaled=False)", raw.data, raw.target)
table = boston()
write_table("boston", "Boston of R's package MASS", table[:, :-1], table[:, -1])
write_digits()
