"""The polynomials of the mathematical kernels: minimax fits by Remez' exchange in 60 digits.

Run with python3 (mpmath). Prints each polynomial's coefficients, lowest first, rounded to the precision they are used in,
and the largest error of the function that the rounded polynomial gives, relative to the function.
"""

import struct
from mpmath import mp, mpf, exp, log, sin, cos, atan, asin, erf, erfc, pi, sqrt, chebyt, matrix, lu_solve, findroot

mp.dps = 60


def remez(f, w, low, high, degree, turns=12):
    """Coefficients p, lowest first, that make the largest |w(t) (p(t) - f(t))| on [low, high] smallest."""
    low, high = mpf(low), mpf(high)
    n = degree + 2
    # A little off the middle, where a weight may be zero.
    nodes = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * (k + mpf('0.51')) / n) for k in range(n)]
    grid = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * (k + mpf(1) / 2) / 1500) for k in range(1500)]
    values = [(t, f(t), w(t)) for t in grid]
    for _ in range(turns):
        a = matrix(n, n)
        b = matrix(n, 1)
        for i, t in enumerate(nodes):
            for j in range(degree + 1):
                a[i, j] = t**j
            a[i, degree + 1] = (-1) ** i / w(t)
            b[i] = f(t)
        x = lu_solve(a, b)
        p = [x[j] for j in range(degree + 1)]
        errors = [(weight * (mp.polyval(p[::-1], t) - value), t) for t, value, weight in values]
        # The extremum of each run of errors of one sign.
        runs = []
        for e, t in errors:
            if runs and (runs[-1][0] > 0) == (e > 0):
                if abs(e) > abs(runs[-1][0]):
                    runs[-1] = (e, t)
            else:
                runs.append((e, t))
        while len(runs) > n:
            runs.pop(0 if abs(runs[0][0]) < abs(runs[-1][0]) else -1)
        if len(runs) < n:
            break
        nodes = [t for _, t in runs]
    return p


def rounded(c, single):
    return struct.unpack('<f', struct.pack('<f', float(c)))[0] if single else float(c)


def show(name, f, w, low, high, degree, single=False):
    p = [rounded(c, single) for c in remez(f, w, low, high, degree)]
    grid = [mpf(low) + (mpf(high) - mpf(low)) * k / 3001 for k in range(1, 3001)]
    worst = max(abs(w(t) * (mp.polyval([mpf(c) for c in p][::-1], t) - f(t))) for t in grid)
    print(f'{name}: degree {degree}, error 2^{float(mp.log(worst, 2)):.1f}')
    for c in p:
        print(f'  {c!r}')


HALF_LN2 = log(2) / 2 * mpf('1.0001')
SMALL = mpf('1e-12')


def series(f, limit):
    """`f`, with its limit where a division by nearly nothing would lose all digits."""
    return lambda t: limit if abs(t) < mpf('1e-25') else f(t)


# e^r = 1 + r + r² P(r)
e = series(lambda r: (exp(r) - 1 - r) / r**2, mpf(1) / 2)
ew = lambda r: r**2 / exp(r)
show('exp, float64', e, ew, -HALF_LN2, HALF_LN2, 10)
show('exp, short', e, ew, -HALF_LN2, HALF_LN2, 4)
show('exp, float32', e, ew, -HALF_LN2, HALF_LN2, 4, True)
show('expm1, short', e, lambda r: r, -HALF_LN2, HALF_LN2, 5)

# log(1 + f) = f - f²/2 + s (f²/2 + z R(z)), s = f / (2 + f), z = s²: from (log((1 + s) / (1 - s)) - 2 s) / s = z R(z)
S = (sqrt(2) - 1) / (sqrt(2) + 1)
l = series(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) - 2 * sqrt(z)) / sqrt(z) / z, mpf(2) / 3)
show('log, float64', l, lambda z: z / 2, SMALL, S**2 * mpf('1.001'), 6)
show('log, short', l, lambda z: z / 2, SMALL, S**2 * mpf('1.001'), 2)

# sin x = x + x³ S(x²); cos x = 1 - x²/2 + x⁴ C(x²), |x| ≤ π/4
Q = (pi / 4) ** 2 * mpf('1.001')
show('sin, float64', series(lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z) / z, mpf(-1) / 6), lambda z: z, SMALL, Q, 5)
show('cos, float64', series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24), lambda z: z**2, SMALL, Q, 5)
show('sin, short', series(lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z) / z, mpf(-1) / 6), lambda z: z, SMALL, Q, 2)
show('cos, short', series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24), lambda z: z**2, SMALL, Q, 2)
