"""Decompositions, statistics and linear models."""
from common import randoms, row, table


@row("svd")
def _():
    import numpy as np

    a = randoms(400 * 400, 1).reshape(400, 400).astype("float64")
    out = [None]
    def run():
        out[0] = np.linalg.svd(a)
    return run, lambda: out[0][1].tolist()


@row("eigh")
def _():
    import numpy as np

    a = randoms(400 * 400, 1).reshape(400, 400).astype("float64")
    a = a + a.T
    out = [None]
    def run():
        out[0] = np.linalg.eigh(a)
    return run, lambda: out[0][0].tolist()


@row("pca")
def _():
    from sklearn.decomposition import PCA

    x = table(2000, 100, 87)
    model = [None]
    def run():
        model[0] = PCA(svd_solver="full").fit(x)
    return run, lambda: model[0].explained_variance_.tolist()


@row("betainc")
def _():
    from scipy.special import betainc

    a, b, x = (randoms(100_000, seed).astype("float64") + 0.5 for seed in (97, 98, 99))
    out = [None]
    def run():
        out[0] = betainc(0.5 + 20 * a, 0.5 + 20 * b, x)
    return run, lambda: [float(out[0].sum()), *out[0][:5].tolist()]


@row("ols")
def _():
    import numpy as np
    import statsmodels.api as sm

    x = randoms(10_000, 21).reshape(1000, 10).astype("float64")
    y = x @ np.arange(1, 11) + randoms(1000, 22).astype("float64")
    out = [None]
    def run():
        r = sm.OLS(y, sm.add_constant(x)).fit()
        out[0] = r
        # statsmodels computes these when they are asked for.
        return r.bse, r.tvalues, r.pvalues, r.conf_int(), r.rsquared_adj, r.fvalue, r.f_pvalue, r.llf, r.aic, r.bic, r.condition_number
    return run, lambda: [*out[0].params.tolist(), *out[0].bse.tolist()]


def classes(n, d, seed):
    """The rows of rows/classes-data.ts: the class is the sign of a noisy sum."""
    x = table(n, d, seed)
    return x, (x[:, 0] + x[:, 1] - x[:, 2] + randoms(n, seed + 1).astype("float64") > 0).astype(int)


def counts():
    """The rows of rows/stats.ts: counts around e^(b x)."""
    import numpy as np

    x = table(10_000, 10, 93)
    return x, np.floor(np.exp(1 + x[:, 0] + 0.5 * x[:, 1]) * (0.5 + randoms(10_000, 94).astype("float64")) * 2)


@row("glm")
def _():
    import statsmodels.api as sm

    x, y = counts()
    out = [None]
    def run():
        r = sm.GLM(y, sm.add_constant(x), family=sm.families.Poisson()).fit()
        out[0] = r
        return r.bse, r.tvalues, r.pvalues, r.conf_int(), r.deviance, r.pearson_chi2, r.llf, r.aic
    return run, lambda: [*out[0].params.tolist(), *out[0].bse.tolist()]


@row("logit")
def _():
    import statsmodels.api as sm

    x, y = classes(10_000, 10, 95)
    out = [None]
    def run():
        r = sm.Logit(y, sm.add_constant(x)).fit(disp=0)
        out[0] = r
        return r.bse, r.tvalues, r.pvalues, r.conf_int(), r.prsquared, r.llf, r.llnull, r.aic
    return run, lambda: [*out[0].params.tolist(), *out[0].bse.tolist()]


@row("lasso")
def _():
    import numpy as np
    from sklearn.linear_model import Lasso

    x = randoms(10_000, 31).reshape(1000, 10).astype("float64")
    y = x[:, :5] @ np.arange(1, 6) + randoms(1000, 32).astype("float64")
    model = [None]
    def run():
        model[0] = Lasso(alpha=0.05, tol=1e-10).fit(x, y)
    return run, lambda: [*model[0].coef_.tolist(), float(model[0].intercept_)]


def cancer():
    from sklearn.datasets import load_breast_cancer
    from sklearn.preprocessing import StandardScaler

    x, y = load_breast_cancer(return_X_y=True)
    return x, StandardScaler().fit_transform(x), y


@row("logistic")
def _():
    from sklearn.linear_model import LogisticRegression

    _, x, y = cancer()
    model = [None]
    def run():
        model[0] = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(x, y)
    return run, lambda: [*model[0].coef_[0].tolist(), *model[0].intercept_.tolist()]


@row("predict-one")
def _():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, _, y = cancer()
    pipe = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)
    ones = [0]
    def run():
        ones[0] = sum(int(pipe.predict(x[i : i + 1])[0]) for i in range(100))
    return run, lambda: [ones[0]]


@row("predict-bulk")
def _():
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, _, y = cancer()
    pipe = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)
    many = np.tile(x, (200, 1))[:100_000]
    ones = [0]
    def run():
        ones[0] = int(pipe.predict(many).sum())
    return run, lambda: [ones[0]]
