"""Writes names.json: the public names of scikit-learn, torch.nn and statsmodels that docs/parity.md looks for in our packages.

    /usr/bin/python3 tooling/parity/make_names.py

- scikit-learn: what sklearn.utils.all_estimators finds.
- torch.nn: the public classes of torch.nn that are modules.
- statsmodels: the models with `fit` that its regression, discrete and generalized linear models' modules define.

`kinds` says what an export of ours must be to count: modules of torch.nn may also be plain functions here (losses are).
"""

import importlib
import inspect
import json
import pathlib
import warnings

warnings.filterwarnings("ignore")

import sklearn
import statsmodels
import torch
from sklearn.utils import all_estimators
from statsmodels.base.model import Model

MODULES = [
    "statsmodels.regression.linear_model",
    "statsmodels.regression.quantile_regression",
    "statsmodels.regression.mixed_linear_model",
    "statsmodels.regression.recursive_ls",
    "statsmodels.regression.rolling",
    "statsmodels.regression.process_regression",
    "statsmodels.regression.dimred",
    "statsmodels.robust.robust_linear_model",
    "statsmodels.discrete.discrete_model",
    "statsmodels.discrete.count_model",
    "statsmodels.discrete.conditional_models",
    "statsmodels.genmod.generalized_linear_model",
    "statsmodels.genmod.generalized_estimating_equations",
    "statsmodels.genmod.bayes_mixed_glm",
    "statsmodels.miscmodels.ordinal_model",
]


def classes(module, base):
    """Names of the module's public classes of this kind, in alphabetic order."""
    found = inspect.getmembers(module, inspect.isclass)
    return sorted(name for name, kind in found if issubclass(kind, base) and not name.startswith("_"))


def models():
    """Names of statsmodels' models, of the modules that define them."""
    names = set()
    for path in MODULES:
        module = importlib.import_module(path)
        public = getattr(module, "__all__", dir(module))
        for name, kind in inspect.getmembers(module, inspect.isclass):
            # A second name of the same class is no second model.
            own = kind.__module__ == path and kind.__name__ == name and name in public and not name.startswith("_")
            if own and (issubclass(kind, Model) or hasattr(kind, "fit")):
                names.add(name)
    return sorted(names)


lists = [
    {
        "library": "scikit-learn",
        "version": sklearn.__version__,
        "what": "estimators that sklearn.utils.all_estimators finds",
        "kinds": ["class"],
        "names": sorted(name for name, _ in all_estimators()),
    },
    {
        "library": "torch.nn",
        "version": torch.__version__,
        "what": "public classes of torch.nn that are modules",
        "kinds": ["class", "function"],
        "names": classes(torch.nn, torch.nn.Module),
    },
    {
        "library": "statsmodels",
        "version": statsmodels.__version__,
        "what": "models of regression, discrete outcomes and generalized linear models",
        "kinds": ["class"],
        "names": models(),
    },
]
path = pathlib.Path(__file__).with_name("names.json")
path.write_text(json.dumps(lists, indent=1) + "\n")
