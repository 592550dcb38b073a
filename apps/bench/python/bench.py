"""The Python side of the benchmark: reads a request a line from stdin and answers with a line of JSON."""
import json
import sys
import time

import algebra
import nets  # noqa: F401, its rows register themselves
import points  # noqa: F401
import trees  # noqa: F401
from common import ROWS

READY = {}


def peak(name):
    """Memory in bytes: before the work, of the rows alone, and at its highest."""
    import resource

    run = ROWS[name]()[0]
    open("/proc/self/clear_refs", "w").write("5")  # forgets the peak of making the input
    before = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
    run()
    return {"before": before, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def versions():
    from importlib import import_module

    found = {"Python": sys.version.split()[0]}
    for name, module in [("NumPy", "numpy"), ("SciPy", "scipy"), ("scikit-learn", "sklearn"), ("statsmodels", "statsmodels"), ("PyTorch", "torch")]:
        try:
            found[name] = import_module(module).__version__
        except Exception as error:  # told as absent
            found[name] = f"{type(error).__name__}: {error}"
    return found


def save(path, kind):
    """Writes the model that `load` starts from, so that it is saved as people save it."""
    import joblib
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, _, y = algebra.cancer()
    model = RandomForestClassifier(random_state=0) if kind == "forest" else make_pipeline(StandardScaler(), LogisticRegression())
    joblib.dump(model.fit(x, y), path)
    return {"saved": True}


def load(path):
    """The milliseconds of a cold start: import, load, predict one row."""
    begin = time.perf_counter()
    import joblib

    joblib.load(path).predict([[1.0] * 30])
    return (time.perf_counter() - begin) * 1000


def answer_to(request):
    if "setup" in request:
        READY[request["setup"]] = ROWS[request["setup"]]()
        return {}
    if "run" in request:
        run = READY[request["run"]][0]
        begin = time.perf_counter()
        run()
        return {"ms": (time.perf_counter() - begin) * 1000}
    if "end" in request:
        READY.pop(request["end"], None)
        return {}
    return {"answer": READY[request["answer"]][1]()}


ALONE = {"memory": peak, "versions": versions, "save": save, "load": load}
if len(sys.argv) > 1:
    print(json.dumps(ALONE[sys.argv[1]](*sys.argv[2:])))
    sys.exit()

for line in sys.stdin:
    try:
        answer = answer_to(json.loads(line))
    except Exception as error:  # told to the other side, which goes on without this contender
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
