"""The Python side of the benchmark: reads a request a line from stdin and answers with a line of JSON."""
import json
import sys
import time

ROWS = {}
READY = {}


def row(name):
    def keep(make):
        ROWS[name] = make
        return make
    return keep


def randoms(length, seed):
    """The xorshift of row.ts, so that all contenders work on the same numbers."""
    import numpy as np

    s = seed & 0xFFFFFFFF or 1
    out = np.empty(length, dtype=np.float32)
    for i in range(length):
        s ^= (s << 13) & 0xFFFFFFFF
        s ^= s >> 17
        s ^= (s << 5) & 0xFFFFFFFF
        out[i] = s / 2**32 - 0.5
    return out


def torch1():
    import torch

    torch.set_num_threads(1)
    return torch


@row("matmul32")
def _():
    a, b = randoms(512 * 512, 1).reshape(512, 512), randoms(512 * 512, 2).reshape(512, 512)
    out = [None]
    def run():
        out[0] = a @ b
    return run, lambda: out[0][0, :4].tolist()


@row("matmul64")
def _():
    a, b = (randoms(512 * 512, s).reshape(512, 512).astype("float64") for s in (1, 2))
    out = [None]
    def run():
        out[0] = a @ b
    return run, lambda: out[0][0, :4].tolist()


@row("relu")
def _():
    torch = torch1()
    x = torch.from_numpy(randoms(1 << 20, 3))
    out = torch.empty_like(x)
    return lambda: torch.clamp(x, min=0, out=out), lambda: [out.sum().item()]


@row("exp")
def _():
    torch = torch1()
    x = torch.from_numpy(randoms(1 << 20, 3))
    out = torch.empty_like(x)
    return lambda: torch.exp(x, out=out), lambda: [out.sum().item()]


@row("xor")
def _():
    torch = torch1()
    w1, b1, w2, b2 = (torch.from_numpy(randoms(n, s)).reshape(shape).requires_grad_() for n, s, shape in
                      [(20, 1, (10, 2)), (10, 2, (10,)), (10, 3, (1, 10)), (1, 4, (1,))])
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    optimizer = torch.optim.SGD([w1, b1, w2, b2], lr=0.1)
    F = torch.nn.functional
    loss = [None]
    def run():
        optimizer.zero_grad()
        loss[0] = F.mse_loss(F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2), y)
        loss[0].backward()
        optimizer.step()
    return run, lambda: [loss[0].item()]


@row("mlp")
def _():
    torch = torch1()
    F = torch.nn.functional
    w1, b1, w2, b2 = (torch.from_numpy(randoms(n, s) * 0.1).reshape(shape).requires_grad_() for n, s, shape in
                      [(256 * 784, 1, (256, 784)), (256, 2, (256,)), (2560, 3, (10, 256)), (10, 4, (10,))])
    x = torch.from_numpy(randoms(64 * 784, 5)).reshape(64, 784)
    y = torch.arange(64) % 10
    optimizer = torch.optim.SGD([w1, b1, w2, b2], lr=0.01)
    loss = [None]
    def run():
        optimizer.zero_grad()
        loss[0] = F.cross_entropy(F.linear(torch.relu(F.linear(x, w1, b1)), w2, b2), y)
        loss[0].backward()
        optimizer.step()
    return run, lambda: [loss[0].item()]


@row("cnn")
def _():
    torch = torch1()
    F = torch.nn.functional
    shapes = [(400, 1, (16, 1, 5, 5)), (16, 2, (16,)), (12800, 3, (32, 16, 5, 5)), (32, 4, (32,)), (15680, 5, (10, 1568)), (10, 6, (10,))]
    w1, b1, w2, b2, w3, b3 = ps = [torch.from_numpy(randoms(n, s) * 0.1).reshape(shape).requires_grad_() for n, s, shape in shapes]
    x = torch.from_numpy(randoms(64 * 784, 7)).reshape(64, 1, 28, 28)
    y = torch.arange(64) % 10
    optimizer = torch.optim.Adam(ps)
    loss = [None]
    def run():
        optimizer.zero_grad()
        h = F.max_pool2d(torch.relu(F.conv2d(x, w1, b1, padding=2)), 2)
        h = F.max_pool2d(torch.relu(F.conv2d(h, w2, b2, padding=2)), 2)
        loss[0] = F.cross_entropy(F.linear(h.flatten(1), w3, b3), y)
        loss[0].backward()
        optimizer.step()
    return run, lambda: [loss[0].item()]


@row("conv")
def _():
    torch = torch1()
    x = torch.from_numpy(randoms(16 * 64 * 32 * 32, 1)).reshape(16, 64, 32, 32)
    w = torch.from_numpy(randoms(64 * 64 * 9, 2)).reshape(64, 64, 3, 3)
    out = [None]
    def run():
        with torch.no_grad():
            out[0] = torch.nn.functional.conv2d(x, w, padding=1)
    return run, lambda: out[0].flatten()[[0, 1000, 100000, 1000000]].tolist()


@row("kmeans")
def _():
    from sklearn.cluster import KMeans

    x = blobs()
    model = [None]
    seed = [0]
    def run():
        seed[0] += 1
        model[0] = KMeans(n_clusters=8, n_init=10, random_state=seed[0]).fit(x)
    return run, lambda: [model[0].inertia_]


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


def blobs():
    """The points of rows/kmeans.ts: eight centres, spread 1.5, in ten dimensions."""
    import numpy as np

    centers = (randoms(80, 11) * 20).reshape(8, 10).astype("float64")
    noise = sum(randoms(100_000, 20 + k).astype("float64") for k in range(4)).reshape(10_000, 10) * 2.6
    return centers[np.arange(10_000) % 8] + noise


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


def tree_rows():
    """The rows of rows/tree-data.ts."""
    x = randoms(30_000, 41).reshape(1500, 20).astype("float64")
    signal = x[:, 0] + x[:, 1] - x[:, 2] + 4 * x[:, 3] * x[:, 4]
    return x, (signal + 0.5 * randoms(1500, 42).astype("float64") > 0).astype(int)


@row("tree")
def _():
    from sklearn.tree import DecisionTreeClassifier

    x, y = tree_rows()
    model = [None]
    def run():
        model[0] = DecisionTreeClassifier(random_state=0).fit(x, y)
    return run, lambda: [model[0].score(x, y)]


@row("forest")
def _():
    from sklearn.ensemble import RandomForestClassifier

    x, y = tree_rows()
    model = [None]
    def run():
        model[0] = RandomForestClassifier(random_state=0, n_jobs=1).fit(x, y)
    return run, lambda: [model[0].score(x, y)]


@row("forest-predict")
def _():
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(random_state=0, n_jobs=1).fit(*tree_rows())
    many = randoms(2_000_000, 45).reshape(-1, 20).astype("float64")
    ones = [0]
    def run():
        ones[0] = int(model.predict(many).sum())
    return run, lambda: [ones[0]]


def boosting(x, y):
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = [None]
    def run():
        model[0] = HistGradientBoostingClassifier(early_stopping=False).fit(x, y)
    return run, lambda: [model[0].score(x, y)]


@row("boosting")
def _():
    return boosting(*tree_rows())


@row("boosting-large")
def _():
    x = randoms(2_800_000, 43).reshape(-1, 28).astype("float64")
    noise = randoms(100_000, 44).astype("float64")
    return boosting(x, (x[:, 0] + 4 * x[:, 1] * x[:, 2] + 0.3 * noise > 0).astype(int))


@row("svc")
def _():
    import numpy as np
    from sklearn.svm import SVC

    x = randoms(100_000, 51).reshape(5000, 20).astype("float64")
    y = (2 * randoms(5000, 52).astype("float64") + x[:, :10].sum(1) + 4 * x[:, 0] * x[:, 1] > 0).astype(int)
    model = [None]
    def run():
        model[0] = SVC(C=1.0).fit(x, y)
    return run, lambda: [float(np.abs(model[0].dual_coef_).sum()), float(model[0].intercept_[0])]


@row("knn")
def _():
    from sklearn.neighbors import KNeighborsClassifier

    x, queries = (randoms(640_000, seed).reshape(-1, 64) for seed in (61, 63))
    model = KNeighborsClassifier(algorithm="brute", n_jobs=1).fit(x, (randoms(10_000, 62) > 0).astype(int))
    ones = [0]
    def run():
        ones[0] = int(model.predict(queries).sum())
    return run, lambda: [ones[0]]


@row("text-bayes")
def _():
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB

    n, words = 30_000, 10
    places = np.floor(200_000 * (randoms(n * words, 71).astype("float64") + 0.5) ** 4).astype(int).reshape(n, words)
    y = (randoms(n, 72) > 0).astype(int)
    numbers = 2 * places + np.where(places % 3 == 0, y[:, None], 0)
    texts = [" ".join(f"w{number}" for number in row) for row in numbers]
    answer = [0, 0]
    def run():
        vectorizer = CountVectorizer()
        x = vectorizer.fit_transform(texts)
        answer[:] = [x.shape[1], MultinomialNB().fit(x, y).score(x, y)]
    return run, lambda: answer


for line in sys.stdin:
    request = json.loads(line)
    try:
        if "setup" in request:
            READY[request["setup"]] = ROWS[request["setup"]]()
            answer = {}
        elif "run" in request:
            run = READY[request["run"]][0]
            begin = time.perf_counter()
            run()
            answer = {"ms": (time.perf_counter() - begin) * 1000}
        else:
            answer = {"answer": READY[request["answer"]][1]()}
    except Exception as error:  # told to the other side, which goes on without this contender
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
