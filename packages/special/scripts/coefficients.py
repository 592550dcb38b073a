"""Prints the coefficients of the polynomials in src/, fitted with mpmath at 60 digits.

Each is a Chebyshev fit in the variable that the source names, written with the constant term first.
Run with a Python that has mpmath: python3 coefficients.py
"""

from mpmath import mp, mpf, erf, erfc, exp, sqrt, pi, loggamma, log, log1p, atanh, digamma, gamma, erfinv, findroot, bernoulli, chebyfit, nstr

mp.dps = 60


def fit(name, f, low, high, n, center=None):
    """Coefficients of the fit of f(center + v) in v, with the largest relative error seen at 200 points."""
    center = mpf(0) if center is None else mpf(center)
    poly = chebyfit(lambda v: f(center + v), [mpf(low) - center, mpf(high) - center], n)
    worst = mpf(0)
    for i in range(201):
        x = mpf(low) + (mpf(high) - low) * i / 200
        if x == 0:
            x = mpf(10) ** -12
        value = f(x)
        worst = max(worst, abs(mp.polyval(poly, x - center) / value - 1))
    print(f'// {name}: [{low}, {high}] around {nstr(center, 17)}, largest relative error {nstr(worst, 2)}')
    print('[' + ', '.join(repr(float(c)) for c in reversed(poly)) + ']')


def erfcx(x):
    return exp(x * x) * erfc(x)


def limit_series(n):
    """f_0 .. f_n of mu / (lambda - 1) around 0, where mu = eta of the incomplete gamma function, from lambda(eta)."""
    # lambda - 1 = eta + a_2 eta^2 + ..., from eta^2 / 2 = lambda - 1 - log(lambda): lambda' (lambda - 1) = eta lambda.
    a = [mpf(0), mpf(1)]
    for k in range(2, n + 3):
        # Coefficient of eta^k in mu mu' = eta (1 + mu): sum_{i + j = k + 1} j a_i a_j = a_{k - 1}
        rest = sum(j * a[k + 1 - j] * a[j] for j in range(2, k))
        a.append((a[k - 1] - rest) / (k + 1))
    # f = eta / mu: f * (a_1 + a_2 eta + ...) = 1
    f = [mpf(1)]
    for k in range(1, n + 1):
        f.append(-sum(a[j + 1] * f[k - j] for j in range(1, k + 1)))
    return f


fit('log1pmx: (atanh(r)/r - 1)/r^2 in r^2', lambda s: (atanh(sqrt(s)) / sqrt(s) - 1) / s if s > mpf(10)**-20 else mpf(1) / 3 + s / 5, 0, 0.16, 13)
fit('erf(x)/x in x^2', lambda s: erf(sqrt(s)) / sqrt(s) if s > 0 else 2 / sqrt(pi), 0, 0.25, 10)


def scaled(u):
    """erfcx(x) (x + 2) in u = 1/(x + 2)"""
    if u == 0:
        return 1 / sqrt(pi)
    x = 1 / u - 2
    if x > 1000:
        h = 1 / (2 * x * x)
        return (1 - h + 3 * h * h - 15 * h**3 + 105 * h**4 - 945 * h**5) / sqrt(pi) * (x + 2) / x
    return erfcx(x) * (x + 2)


fit('erfcx (x + 2) in u = 1/(x + 2)', scaled, 0, 0.1, 17, 0.05)
fit('erfcx (x + 2) in u = 1/(x + 2)', scaled, 0.1, 0.22, 16, 0.16)
fit('erfcx (x + 2) in u = 1/(x + 2)', scaled, 0.22, 0.4, 15, 0.31)
fit('(lgamma(1 + x) + log1p(x)) / x', lambda x: (loggamma(1 + x) + log1p(x)) / x, -0.5, 0.5, 20)
fit('1/gamma(1 + x)', lambda x: 1 / gamma(1 + x), -0.5, 0.5, 16)
root = findroot(digamma, 1.46)
hi = mpf(float(root))
print('// root of digamma', nstr(hi, 17), nstr(root - hi, 17))
fit('digamma(x)/(x - root)', lambda x: digamma(x) / (x - root), 1, 2, 22, 1.5)
print('// Temme f_n', '[' + ', '.join(repr(float(c)) for c in limit_series(32)) + ']')
print('// Stirling', '[' + ', '.join(nstr(bernoulli(2 * k) / (2 * k * (2 * k - 1)), 17) for k in range(1, 10)) + ']')
print('// digamma', '[' + ', '.join(nstr(bernoulli(2 * k) / (2 * k), 17) for k in range(1, 11)) + ']')


def inverse_center(w):
    """erfinv(y)/y in w = -log(1 - y^2)"""
    y = sqrt(-mp.expm1(-w)) if w > 0 else mpf(10) ** -20
    return erfinv(y) / y


def erfcinv(p):
    w = -log(p)
    x = sqrt(w)
    for _ in range(60):
        step = (erfcx(x) - exp(-(w - x * x))) / (2 / sqrt(pi) - 2 * x * erfcx(x) + 2 * x * exp(-(w - x * x)))
        step = (log(erfcx(x)) - x * x + w) / (2 / sqrt(pi) / erfcx(x))
        x += step
        if abs(step) < mpf(10) ** -40:
            break
    return x


fit('erfinv(y)/y in w = -log(1 - y^2)', inverse_center, 0, 5, 9, 2.5)
fit('erfcinv(p)/s in 1/s = 1/sqrt(-log p)', lambda v: erfcinv(exp(-1 / (v * v))) * v, 0.036, 0.87, 11, 0.4)
