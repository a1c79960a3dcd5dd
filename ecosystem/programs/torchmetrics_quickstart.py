"""torchmetrics: metrics by function and by object, over batches."""

import torch
import torchmetrics
from torchmetrics.classification import BinaryAUROC, MulticlassAccuracy, MulticlassConfusionMatrix, MulticlassF1Score
from torchmetrics.functional import pairwise_cosine_similarity, pearson_corrcoef, r2_score
from torchmetrics.regression import MeanSquaredError

torch.manual_seed(0)
metrics = torchmetrics.MetricCollection(
    {"accuracy": MulticlassAccuracy(num_classes=4), "f1": MulticlassF1Score(num_classes=4, average="macro")}
)
auc, matrix, error = BinaryAUROC(), MulticlassConfusionMatrix(num_classes=4), MeanSquaredError()
for _ in range(3):
    scores, target = torch.randn(20, 4), torch.randint(0, 4, (20,))
    metrics.update(scores, target)
    matrix.update(scores, target)
    auc.update(torch.sigmoid(scores[:, 0]), (target > 1).long())
    error.update(scores[:, 0], scores[:, 1])
for name, value in metrics.compute().items():
    print(name, value.item())
print("auc", auc.compute().item(), "error", error.compute().item())
print("matrix", *matrix.compute().flatten().double().tolist())
x, y = torch.randn(30), torch.randn(30)
print("functional", pearson_corrcoef(x, y).item(), r2_score(x, y).item())
print("cosine", pairwise_cosine_similarity(torch.randn(4, 6)).norm().item())
