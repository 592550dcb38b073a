"""The polynomials of the mathematical kernels: minimax fits by Remez' exchange in 60 digits, and quotients of polynomials
that agree with a function in Chebyshev's nodes.

Run with python3 (mpmath). Prints each polynomial's coefficients, lowest first, rounded to the precision they are used in,
and the largest error of the function that the rounded polynomial gives, relative to the function.
"""

import struct
from mpmath import mp, mpf, exp, log, sin, cos, atan, asin, erf, erfc, pi, sqrt, matrix, lu_solve

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


def stepwise(f, w, low, high, degree):
    """Rounds one coefficient after the other and fits the rest anew, so that they make up for the roundings."""
    if degree < 0:
        return []
    c = float(remez(f, w, low, high, degree, 6)[0])
    return [c] + stepwise(lambda t: (f(t) - c) / t, lambda t: w(t) * t, low, high, degree - 1)


def show(name, f, w, low, high, degree, single=False, careful=False):
    fit = stepwise(f, w, low, high, degree) if careful else remez(f, w, low, high, degree)
    p = [rounded(c, single) for c in fit]
    grid = [mpf(low) + (mpf(high) - mpf(low)) * k / 3001 for k in range(1, 3001)]
    worst = max(abs(w(t) * (mp.polyval([mpf(c) for c in p][::-1], t) - f(t))) for t in grid)
    print(f'{name}: degree {degree}, error 2^{float(mp.log(worst, 2)):.1f}')
    for c in p:
        print(f'  {c!r}')


def quotient(name, f, low, high, m, n):
    """p of degree m and q of degree n, q(0) = 1, with p / q = f in Chebyshev's nodes; the absolute error."""
    low, high = mpf(low), mpf(high)
    count = m + n + 1
    a = matrix(count, count)
    b = matrix(count, 1)
    for i in range(count):
        t = (low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * (i + mpf(1) / 2) / count)
        b[i] = f(t)
        for j in range(m + 1):
            a[i, j] = t**j
        for j in range(1, n + 1):
            a[i, m + j] = -b[i] * t**j
    x = [float(c) for c in lu_solve(a, b)]
    p, q = x[: m + 1], [1.0] + x[m + 1 :]
    grid = [low + (high - low) * k / 1000 for k in range(1001)]
    value = lambda t: mp.polyval([mpf(c) for c in p][::-1], t) / mp.polyval([mpf(c) for c in q][::-1], t)
    worst = max(abs(value(t) - f(t)) for t in grid)
    print(f'{name}: degrees {m} and {n}, error 2^{float(mp.log(worst, 2)):.1f}\n  {p}\n  {q}')


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

# atan x = x + x³ A(x²), |x| ≤ tan(π/8); asin x = x + x³ B(x²), |x| ≤ 1/2
T = (sqrt(2) - 1) ** 2 * mpf('1.001')
arctangent = series(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, mpf(-1) / 3)
arcsine = series(lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, mpf(1) / 6)
show('atan, float64', arctangent, lambda z: z, SMALL, T, 10)
show('atan, short', arctangent, lambda z: z, SMALL, T, 4)
show('asin, float64', arcsine, lambda z: z, SMALL, mpf('0.2501'), 12)
show('asin, short', arcsine, lambda z: z, SMALL, mpf('0.2501'), 5)

# erf x = x + x Q(x²), |x| < 1
ef = series(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(pi) - 1)
# for float64 with Q(z) = q + z Q₁(z), where q = 2/√π - 1 is known to 110 bits
q = 2 / sqrt(pi) - 1
print(f'erf, q: {float(q)!r} + {float(q - float(q))!r}')
show('erf, float64', series(lambda z: (ef(z) - q) / z, -2 / (3 * sqrt(pi))), lambda z: z / (1 + ef(z)), mpf('0.0001'), mpf('1.001'), 12, careful=True)
show('erf, short', ef, lambda z: 1 / (1 + ef(z)), SMALL, mpf('1.001'), 6)

# erfc a = e^(-a²) P(t) for float32, t = (a - 3/2) / (a + 3/2), 1 ≤ a ≤ 10.2
at = lambda a: (a - mpf('1.5')) / (a + mpf('1.5'))
scaled = lambda t: (lambda a: exp(a * a) * erfc(a))(mpf('1.5') * (1 + t) / (1 - t))
show('erfc, short', scaled, lambda t: 1 / scaled(t), at(mpf('0.99')), at(mpf('10.2')), 8)

# erfc a = e^(-a² - c + R(1 / a²)) / a for float64, with a c for each range that keeps R small
tail = lambda u, c: (lambda a: log(a * exp(a * a) * erfc(a)) + c)(1 / sqrt(u))
for low, high, c in [('0.75', '1.4', 0.875), ('1.4', '3', 0.6875), ('3', '28', 0.59375)]:
    f = lambda u: tail(u, c)
    quotient(f'erfc from {low} to {high}', f, mpf('0.999') / mpf(high) ** 2, mpf('1.001') / mpf(low) ** 2, 8, 8)

# log((1 + s) / (1 - s)) = s (2 + z (2/3 + z W(z))), z = s², for pow
far = series(lambda z: ((log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2) / z - mpf(2) / 3) / z, mpf(2) / 5)
show('pow, float64', far, lambda z: z**2 / 2, SMALL, S**2 * mpf('1.001'), 7)
