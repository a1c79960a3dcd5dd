"""Networks and their training as programs write them. Checked, and run, as it is."""

from __future__ import annotations

import io
from collections.abc import Iterator

import mibun as torch
import mibun.nn.functional as F
from mibun import Tensor, nn, optim
from mibun.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


class Block(nn.Module):
    """A layer with a normalization and a way around it."""

    scale: Tensor

    def __init__(self, width: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        self.gain = nn.Parameter(torch.ones(width))
        self.register_buffer("scale", torch.tensor(0.5))

    def forward(self, x: Tensor) -> Tensor:
        out = self.dropout(F.gelu(self.linear(self.norm(x))))
        return x + self.scale * self.gain * out


class Classifier(nn.Module):
    """Images to classes."""

    def __init__(self, n_classes: int = 3, width: int = 8, depth: int = 2) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=3, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(4 * 3 * 3, width),
        )
        self.blocks = nn.ModuleList([Block(width) for _ in range(depth)])
        self.head = nn.Linear(in_features=width, out_features=n_classes, bias=True)

    def forward(self, images: Tensor, *, temperature: float = 1.0) -> tuple[Tensor, Tensor]:
        hidden = self.features(images)
        for block in self.blocks:
            hidden = block(hidden)
        logits = self.head(hidden) / temperature
        return logits, F.softmax(logits, dim=-1)

    def decayed(self) -> Iterator[nn.Parameter]:
        for name, parameter in self.named_parameters():
            if parameter.requires_grad and parameter.ndim > 1 and not name.endswith("bias"):
                yield parameter


def loss_of(logits: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
    return F.cross_entropy(logits, target, label_smoothing=smoothing)


def accuracy(logits: Tensor, target: Tensor) -> float:
    return (logits.argmax(dim=1) == target).float().mean().item()


images, target = torch.randn(12, 1, 6, 6), torch.randint(0, 3, (12,))
loader = DataLoader(TensorDataset(images, target), batch_size=4, shuffle=True)
model = Classifier()
model.to(torch.float32).train()
optimizer = optim.AdamW(
    [{"params": list(model.decayed()), "weight_decay": 0.01}, {"params": [model.head.bias]}], lr=1e-2
)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=2)
losses: list[float] = []
for epoch in range(2):
    running = 0.0
    for batch, labels in loader:
        optimizer.zero_grad(set_to_none=True)
        logits, _ = model(batch, temperature=2.0)
        loss = loss_of(logits, labels, smoothing=0.1)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        running += loss.item() * len(batch)
    scheduler.step()
    losses.append(running / len(images))
    print(f"{epoch}: {losses[-1]:.3f}, rate {optimizer.param_groups[0]['lr']:.4f}, {scheduler.get_last_lr()}")

model.eval()
with torch.no_grad():
    logits, probabilities = model(images)
    print(accuracy(logits, target), probabilities.sum(dim=1).tolist())

loss = loss_of(model(images)[0], target)
gradients = torch.autograd.grad(loss, model.parameters(), allow_unused=True)
print(sum(g.norm().item() for g in gradients if g is not None), model.features[0].weight.shape[0], model.blocks[0].gain)

# --- saved, loaded, counted ---

file = io.BytesIO()
torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, file)
file.seek(0)
state = torch.load(file, weights_only=True)
print(model.load_state_dict(state["model"]), sum(p.numel() for p in model.parameters()))

# --- other layers and optimizers, called in their commonest ways ---

sequence = torch.randn(5, 2, 8)
output, (hidden, cell) = nn.LSTM(8, 16, num_layers=2, bidirectional=True)(sequence)
attended, weights = nn.MultiheadAttention(8, num_heads=2)(sequence, sequence, sequence)
encoded = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16)(sequence)
embedded = nn.Embedding(10, 4, padding_idx=0)(torch.tensor([[1, 2], [0, 3]]))
pooled, places = F.max_pool2d(images, 2, return_indices=True)
penalty = F.mse_loss(pooled, torch.zeros_like(pooled)) + nn.CrossEntropyLoss()(logits, target)
nn.init.kaiming_normal_(model.head.weight, nonlinearity="relu")
attention = F.scaled_dot_product_attention(sequence, sequence, sequence, is_causal=True)
for make in (optim.Adam, optim.RMSprop, optim.Adagrad):
    make(model.parameters(), lr=0.1).step()
sgd = optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)


def closure() -> Tensor:
    sgd.zero_grad()
    loss = model(images)[0].pow(2).mean()
    loss.backward()
    return loss


sgd.step(closure)
