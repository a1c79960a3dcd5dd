"""Training steps of usual small models, mibun against PyTorch eager: `python -m benchmarks.models [PATTERN]`.

Each is written as users write it, with `nn.Module`s, a loss and an optimizer; the sizes are such that a step takes a
tenth of a second. Measured as the steps of `benchmarks.workloads` are, with the same options.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .workloads import Step, filled, generator, main, normal, train


def resnet(torch: Any) -> Step:
    """ResNet-18's blocks on 8 images of 32 x 32: a stem, four stages of two blocks, widths 16 to 128; SGD, momentum."""
    nn, rng = torch.nn, generator()

    class Block(nn.Module):
        def __init__(self, inputs: int, outputs: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.norm1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.norm2 = nn.BatchNorm2d(outputs)
            self.shortcut = nn.Sequential()
            if stride != 1 or inputs != outputs:
                self.shortcut = nn.Sequential(
                    nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
                )

        def forward(self, x: Any) -> Any:
            out = torch.relu(self.norm1(self.conv1(x)))
            return torch.relu(self.norm2(self.conv2(out)) + self.shortcut(x))

    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    inputs = 16
    for outputs, stride in ((16, 1), (32, 2), (64, 2), (128, 2)):
        layers += [Block(inputs, outputs, stride), Block(outputs, outputs, 1)]
        inputs = outputs
    model = filled(nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10)), torch)
    x, y = torch.from_numpy(normal(rng, 8, 3, 32, 32)), torch.from_numpy(rng.integers(0, 10, 8))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)
    return train(torch, model, optimizer, lambda: nn.functional.cross_entropy(model(x), y))


def unet(torch: Any) -> Step:
    """A U-Net of three levels, widths 16 to 64, on 4 images of 64 x 64; group norm, SiLU, transposed convolutions."""
    nn, rng = torch.nn, generator()

    def double(inputs: int, outputs: int) -> Any:
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1), nn.GroupNorm(8, outputs), nn.SiLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1), nn.GroupNorm(8, outputs), nn.SiLU(),
        )  # fmt: skip

    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.down = nn.ModuleList([double(1, 16), double(16, 32), double(32, 64)])
            self.up = nn.ModuleList([nn.ConvTranspose2d(64, 32, 2, 2), nn.ConvTranspose2d(32, 16, 2, 2)])
            self.join = nn.ModuleList([double(64, 32), double(32, 16)])
            self.head = nn.Conv2d(16, 2, 1)

        def forward(self, x: Any) -> Any:
            kept = []
            for i, block in enumerate(self.down):
                x = block(x if i == 0 else nn.functional.max_pool2d(x, 2))
                kept.append(x)
            for up, join, other in zip(self.up, self.join, kept[-2::-1], strict=True):
                x = join(torch.cat([up(x), other], 1))
            return self.head(x)

    model = filled(UNet(), torch)
    x, y = torch.from_numpy(normal(rng, 4, 1, 64, 64)), torch.from_numpy(rng.integers(0, 2, (4, 64, 64)))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    return train(torch, model, optimizer, lambda: nn.functional.cross_entropy(model(x), y))


def vae(torch: Any) -> Step:
    """A variational autoencoder 784-400-20-400-784, 128 images; the noise is given."""
    nn, functional, rng = torch.nn, torch.nn.functional, generator()

    class Vae(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encode, self.mean, self.log = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
            self.decode, self.out = nn.Linear(20, 400), nn.Linear(400, 784)

        def forward(self, x: Any) -> Any:
            hidden = functional.relu(self.encode(x))
            mean, log = self.mean(hidden), self.log(hidden)
            z = mean + noise * torch.exp(0.5 * log)
            return torch.sigmoid(self.out(functional.relu(self.decode(z)))), mean, log

    model = filled(Vae(), torch)
    noise = torch.from_numpy(normal(rng, 128, 20))
    x = torch.from_numpy(rng.random((128, 784), dtype="f4"))

    def loss() -> Any:
        out, mean, log = model(x)
        divergence = -0.5 * torch.sum(1 + log - mean.pow(2) - log.exp())
        return (functional.binary_cross_entropy(out, x, reduction="sum") + divergence) / 128

    return train(torch, model, torch.optim.Adam(model.parameters(), lr=1e-4), loss)


def transformer(torch: Any) -> Step:
    """`nn.TransformerEncoder` of two layers, width 128, 4 heads, 16 sequences of 64 tokens, without dropout; AdamW."""
    nn, rng = torch.nn, generator()
    layer = nn.TransformerEncoderLayer(128, 4, 256, dropout=0.0, activation="gelu", batch_first=True)
    model = nn.Sequential(nn.Embedding(1000, 128), nn.TransformerEncoder(layer, 2), nn.Linear(128, 2))
    model = filled(model, torch)
    x, y = torch.from_numpy(rng.integers(0, 1000, (16, 64))), torch.from_numpy(rng.integers(0, 2, 16))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    return train(torch, model, optimizer, lambda: nn.functional.cross_entropy(model(x).mean(1), y))


def language_model(torch: Any) -> Step:
    """A GRU over 35 tokens of 20 sequences, width 128, 2,000 words; gradients limited, SGD."""
    nn, rng = torch.nn, generator()

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.gru = nn.Embedding(2000, 128), nn.GRU(128, 128)
            self.head = nn.Linear(128, 2000)

        def forward(self, x: Any) -> Any:
            return self.head(self.gru(self.table(x))[0])

    model = filled(Model(), torch)
    x, y = [torch.from_numpy(rng.integers(0, 2000, (35, 20))) for _ in range(2)]
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)

    def step() -> Any:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x).view(-1, 2000), y.view(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        optimizer.step()
        return [loss, *[p.grad for p in model.parameters()]]

    return step


def dcgan(torch: Any) -> Step:
    """A step of DCGAN's generator and one of its critic, 16 images of 32 x 32, widths 128, 64 and 32; Adam."""
    nn, rng = torch.nn, generator()
    maker = nn.Sequential(
        nn.ConvTranspose2d(64, 128, 4, 1, 0, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.ConvTranspose2d(32, 3, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip
    critic = nn.Sequential(
        nn.Conv2d(3, 32, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
        nn.Conv2d(32, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 1, 4, 1, 0, bias=False), nn.Flatten(),
    )  # fmt: skip
    filled(maker, torch)
    filled(critic, torch, 1)
    optimizers = [torch.optim.Adam(m.parameters(), lr=1e-6, betas=(0.5, 0.999)) for m in (maker, critic)]
    real, z = torch.from_numpy(normal(rng, 16, 3, 32, 32)), torch.from_numpy(normal(rng, 16, 64, 1, 1))
    ones, zeros = torch.ones(16, 1), torch.zeros(16, 1)
    loss = nn.functional.binary_cross_entropy_with_logits

    def step() -> Any:
        optimizers[1].zero_grad()
        made = maker(z)
        judged = loss(critic(real), ones) + loss(critic(made.detach()), zeros)
        judged.backward()
        optimizers[1].step()
        optimizers[0].zero_grad()
        fooled = loss(critic(made), ones)
        fooled.backward()
        optimizers[0].step()
        return [judged, fooled, *[p.grad for p in maker.parameters()]]

    return step


MODELS: dict[str, Callable[[Any], Step]] = {
    "ResNet-18 of width 16, 8 x 32 x 32": resnet,
    "U-Net, 4 x 64 x 64": unet,
    "VAE 784-400-20, batch 128": vae,
    "transformer encoder, 16 x 64 tokens": transformer,
    "GRU language model, 35 x 20 tokens": language_model,
    "DCGAN, 16 x 32 x 32": dcgan,
}


if __name__ == "__main__":
    # (Where a ReLU's argument is rounded to the other side of 0, gradients behind it differ in a digit.)
    main("models", MODELS, __doc__, tolerance=0.2)
