"""Trees, forests and boosting."""
from common import randoms, row, table


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
        model[0] = RandomForestClassifier(random_state=0).fit(x, y)
    return run, lambda: [model[0].score(x, y)]


@row("forest-predict")
def _():
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(random_state=0).fit(*tree_rows())
    many = table(100_000, 20, 45)
    ones = [0]
    def run():
        ones[0] = int(model.predict(many).sum())
    return run, lambda: [ones[0]]


@row("forest-one")
def _():
    from sklearn.ensemble import RandomForestClassifier

    x, y = tree_rows()
    model = RandomForestClassifier(random_state=0).fit(x, y)
    ones = [0]
    def run():
        ones[0] = sum(int(model.predict(x[i : i + 1])[0]) for i in range(20))
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


def many_rows(n):
    x = table(n, 28, 43)
    return x, (x[:, 0] + 4 * x[:, 1] * x[:, 2] + 0.3 * randoms(n, 44).astype("float64") > 0).astype(int)


@row("boosting-large")
def _():
    return boosting(*many_rows(100_000))


@row("boosting-huge")
def _():
    return boosting(*many_rows(1_000_000))
