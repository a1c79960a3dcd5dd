"""skorch: a network as an estimator of scikit-learn's, in a pipeline and a search over a grid."""

import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from skorch import NeuralNetClassifier
from torch import nn

torch.manual_seed(0)
x, y = make_classification(200, 10, n_informative=5, random_state=0)
x, y = x.astype(np.float32), y.astype(np.int64)


class Module(nn.Module):
    def __init__(self, units=8):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(10, units), nn.ReLU(), nn.Dropout(0.2), nn.Linear(units, 2))

    def forward(self, x):
        return self.net(x).softmax(-1)


net = NeuralNetClassifier(Module, max_epochs=4, lr=0.1, iterator_train__shuffle=True, verbose=0)
pipe = Pipeline([("scale", StandardScaler()), ("net", net)])
pipe.fit(x, y)
print("losses", *[row["train_loss"] for row in net.history] if net.history_ else pipe["net"].history[:, "train_loss"])
print("probability", float(pipe.predict_proba(x)[:, 1].sum()), "accuracy", pipe.score(x, y))
torch.manual_seed(0)
search = GridSearchCV(net, {"lr": [0.02, 0.1], "module__units": [4, 8]}, cv=2, scoring="accuracy", refit=False)
search.fit(x, y)
print("search", *search.cv_results_["mean_test_score"])
