"""Vectors, neighbors, clusters and texts."""
import os

from algebra import classes
from common import randoms, row, sizes, table


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
    model = KNeighborsClassifier(algorithm="brute").fit(x, (randoms(10_000, 62) > 0).astype(int))
    ones = [0]
    def run():
        ones[0] = int(model.predict(queries).sum())
    return run, lambda: [ones[0]]


@row("knn-tree")
def _():
    from sklearn.neighbors import KNeighborsClassifier

    (x, y), queries = classes(20_000, 3, 83), table(20_000, 3, 85)
    ones = [0]
    def run():
        ones[0] = int(KNeighborsClassifier(algorithm="kd_tree").fit(x, y).predict(queries).sum())
    return run, lambda: [ones[0]]


@row("gaussian-nb")
def _():
    from sklearn.naive_bayes import GaussianNB

    x, y = classes(10_000, 20, 81)
    ones = [0]
    def run():
        ones[0] = int(GaussianNB().fit(x, y).predict(x).sum())
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


@row("text-nsmc")
def _():
    import gzip
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB

    with gzip.open(os.path.join(os.environ["MARU_DATA"], "nsmc", "ratings_train.txt.gz"), "rt", encoding="utf-8", newline="") as file:
        lines = [line.rstrip("\r\n").split("\t") for line in file.read().split("\n")[1:] if line]
    texts, y = [line[1] for line in lines], [int(line[2]) for line in lines]
    answer = [0, 0]
    def run():
        vectorizer = CountVectorizer()
        x = vectorizer.fit_transform(texts)
        answer[:] = [x.shape[1], MultinomialNB().fit(x, y).score(x, y)]
    return run, lambda: answer


def blobs():
    """The points of rows/kmeans.ts: eight centres, spread 1.5, in ten dimensions."""
    import numpy as np

    centers = (randoms(80, 11) * 20).reshape(8, 10).astype("float64")
    noise = sum(randoms(100_000, 20 + k).astype("float64") for k in range(4)).reshape(10_000, 10) * 2.6
    return centers[np.arange(10_000) % 8] + noise


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


@row("gmm")
def _():
    from sklearn.mixture import GaussianMixture

    import warnings
    import numpy as np

    warnings.simplefilter("ignore")  # that twenty iterations are not enough is meant
    x = table(10_000, 10, 101)
    precisions = np.tile(12 * np.eye(10), (8, 1, 1))
    model = [None]
    def run():
        model[0] = GaussianMixture(8, weights_init=[0.125] * 8, means_init=x[:8], precisions_init=precisions,
                                   init_params="random_from_data", tol=0, max_iter=20).fit(x)
    return run, lambda: [model[0].lower_bound_, *model[0].weights_.tolist()]


@row("dbscan")
def _():
    from sklearn.cluster import DBSCAN

    x = table(5000, 2, 89) * 20
    model = [None]
    def run():
        model[0] = DBSCAN(eps=0.25, min_samples=5).fit(x)
    return run, lambda: [int(model[0].labels_.max()) + 1, int((model[0].labels_ < 0).sum())]


@row("agglomerative")
def _():
    from sklearn.cluster import AgglomerativeClustering

    x = table(1000, 10, 91)
    model = [None]
    def run():
        model[0] = AgglomerativeClustering(8).fit(x)
    return run, lambda: sizes(model[0].labels_)


@row("agglomerative-scipy")
def _():
    from scipy.cluster.hierarchy import fcluster, linkage

    x = table(1000, 10, 91)
    tree = [None]
    def run():
        tree[0] = linkage(x, "ward")
    return run, lambda: sizes(fcluster(tree[0], 8, "maxclust") - 1)


@row("spectral")
def _():
    from sklearn.cluster import SpectralClustering

    x = blobs()[:1000]
    model = [None]
    def run():
        model[0] = SpectralClustering(8, gamma=0.02, random_state=0).fit(x)
    return run, lambda: sizes(model[0].labels_)
