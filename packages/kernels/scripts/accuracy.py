"""How far the mathematical kernels are from the true values, in units in the last place (ulp).

`python3 scripts/accuracy.py [name ...]` after `node scripts/generate.js`; needs numpy, and mpmath where long doubles have no
function.
Float32 results are compared with float64 arithmetic or better, float64 results with 80-bit long doubles, on points spread
over each function's range (and its neighbourhoods of zero), a hundred thousand each.
"""

import os
import subprocess
import sys
import mpmath
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 40_000
L = np.longdouble
ONE = L(1)


def many(f):
    """An mpmath function on arrays, at 30 digits."""

    def g(*arrays):
        with mpmath.workdps(30):
            values = [f(*(mpmath.mpf(float(v)) for v in point)) for point in zip(*arrays)]
            high = [float(v) for v in values]
            low = [float(v - h) if np.isfinite(h) else 0.0 for v, h in zip(values, high)]
        return np.array(high, L) + np.array(low, L)

    return g


def log1pexp(x):
    return np.log1p(np.exp(-np.abs(x)))


def sigmoid(x):
    return np.where(x < 0, np.exp(-np.abs(x)), ONE) / (ONE + np.exp(-np.abs(x)))


# name: reference on long doubles, ranges (of float32, of float64), and whether points are spread by their exponents
E32, E64 = (-104, 89), (-745, 710)
FUNCTIONS = {
    'exp': (np.exp, E32, E64),
    'expm1': (np.expm1, (-20, 89), (-45, 710)),
    'sigmoid': (sigmoid, (-104, 30), (-745, 50)),
    'tanh': (np.tanh, (-10, 10), (-25, 25)),
    'silu': (lambda x: x * sigmoid(x), (-104, 50), (-745, 50)),
    'sinh': (np.sinh, (-89, 89), (-710, 710)),
    'cosh': (np.cosh, (-89, 89), (-710, 710)),
    'log': (np.log, (0, 4), (0, 4)),
    'log1p': (np.log1p, (-1, 4), (-1, 4)),
    'softplus': (lambda x: np.maximum(x, 0) + log1pexp(x), (-104, 30), (-745, 50)),
    'sin': (many(mpmath.sin), (-1e5, 1e5), (-2e6, 2e6)),
    'cos': (many(mpmath.cos), (-1e5, 1e5), (-2e6, 2e6)),
    'tan': (many(mpmath.tan), (-1e5, 1e5), (-2e6, 2e6)),
    'asin': (np.arcsin, (-1, 1), (-1, 1)),
    'acos': (np.arccos, (-1, 1), (-1, 1)),
    'atan': (np.arctan, (-10, 10), (-10, 10)),
    'erf': (many(mpmath.erf), (-4, 4), (-6, 6)),
    'erfc': (many(lambda x: mpmath.erfc(max(min(x, 99), -99))), (-4, 10.1), (-6, 27.2)),
    'gelu': (many(lambda x: x * mpmath.erfc(max(min(-x, 99), -99) / mpmath.sqrt(2)) / 2), (-14, 10), (-38.5, 10)),
    'rsqrt': (lambda x: ONE / np.sqrt(x), (0, 10), (0, 10)),
    'logSigmoid': (lambda x: np.minimum(x, 0) - log1pexp(x), (-30, 104), (-50, 745)),
}


def points(dtype, low, high):
    """Uniform in the range, and of all magnitudes within it."""
    random = np.random.default_rng(1)
    uniform = random.uniform(low, high, COUNT // 2)
    info = np.finfo(dtype)
    spread = 2.0 ** random.uniform(np.log2(float(info.tiny)) - 20, np.log2(float(info.max)) - 1e-3, COUNT)
    spread = spread * random.choice([-1.0, 1.0], COUNT)
    near = random.choice([-1.0, 1.0], COUNT) * 2.0 ** random.uniform(-30, 8, COUNT)
    x = np.concatenate([uniform, spread, near]).astype(dtype)
    return x


def kernel(name, dtype, x):
    run = subprocess.run(['node', f'{HERE}/values.js', name, dtype], input=x.tobytes(), capture_output=True, check=True)
    return np.frombuffer(run.stdout, dtype)


def ulps(y, true, dtype):
    """|y - true| in units of the last place that `true` has in dtype; 0 where both are the same infinity or NaN."""
    info = np.finfo(dtype)
    with np.errstate(all='ignore'):
        rounded = true.astype(dtype)
        same = (y == rounded) & ~np.isfinite(rounded) | np.isnan(y) & np.isnan(true)
        # A result may overflow where the true value is within an ulp of the largest number.
        exponent = np.maximum(np.frexp(np.abs(true))[1] - 1, np.frexp(L(info.tiny))[1] - 1)
        unit = np.ldexp(ONE, exponent - info.nmant)
        error = np.abs(y.astype(L) - true) / unit
    return np.where(same, L(0), np.where(np.isnan(error), L('inf'), error))


def powers(dtype):
    """Bases of all magnitudes, and exponents that use up the range of results."""
    random = np.random.default_rng(2)
    info = np.finfo(dtype)
    far = 2.0 ** random.uniform(np.log2(float(info.tiny)) - 20, np.log2(float(info.max)) - 1e-3, COUNT)
    a = np.concatenate([random.uniform(0, 3, COUNT), 1 + random.normal(size=COUNT) * 1e-3, far]).astype(dtype)
    most = np.log(float(info.max)) / np.abs(np.log(a.astype(float)) + 1e-300)
    b = (random.uniform(-1, 1, a.size) * np.minimum(most * 1.05, 1e15)).astype(dtype)
    b[::4] = np.round(b[::4])
    return a, b


def report(name, dtype, y, true, x):
    error = ulps(y, true, dtype)
    worst = int(np.argmax(error))
    print(f'{name:12} {dtype}: at most {float(error[worst]):.3f} ulp (at {x[worst]!r})', flush=True)


if __name__ == '__main__':
    names = sys.argv[1:] or [*FUNCTIONS, 'pow']
    if 'pow' in names:
        for dtype in ['float32', 'float64']:
            a, b = powers(dtype)
            true = many(mpmath.power)(a, b)
            report('pow', dtype, kernel('pow', dtype, np.concatenate([a, b])), true, np.stack([a, b], 1))
    for name in [name for name in names if name != 'pow']:
        reference, *ranges = FUNCTIONS[name]
        for dtype, (low, high) in zip(['float32', 'float64'], ranges):
            x = points(dtype, low, high)
            with np.errstate(all='ignore'):
                true = reference(x.astype(L))
            report(name, dtype, kernel(name, dtype, x), true, x)
