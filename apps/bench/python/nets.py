"""Products, elementwise functions and steps of training."""
from common import randoms, row, torch1


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


def training(start, forward, loss, optimizer):
    """Runs of a step; the answer is the losses of three steps from the start."""
    def fresh():
        params = start()
        tuned = optimizer(params)
        def step():
            tuned.zero_grad()
            value = loss(forward(*params))
            value.backward()
            tuned.step()
            return value.item()
        return step
    again = fresh()
    return fresh(), lambda: [again() for _ in range(3)]


def parameters(shapes, scale):
    torch = torch1()
    return [torch.from_numpy(randoms(torch.Size(shape).numel(), i + 1) * scale).reshape(shape).requires_grad_()
            for i, shape in enumerate(shapes)]


@row("xor")
def _():
    torch = torch1()
    F = torch.nn.functional
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    return training(lambda: parameters([(10, 2), (10,), (1, 10), (1,)], 1),
                    lambda w1, b1, w2, b2: F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2),
                    lambda out: F.mse_loss(out, y), lambda ps: torch.optim.SGD(ps, lr=0.1))


@row("mlp")
def _():
    torch = torch1()
    F = torch.nn.functional
    x = torch.from_numpy(randoms(64 * 784, 5)).reshape(64, 784)
    y = torch.arange(64) % 10
    return training(lambda: parameters([(256, 784), (256,), (10, 256), (10,)], 0.1),
                    lambda w1, b1, w2, b2: F.linear(torch.relu(F.linear(x, w1, b1)), w2, b2),
                    lambda out: F.cross_entropy(out, y), lambda ps: torch.optim.SGD(ps, lr=0.01))


@row("cnn")
def _():
    torch = torch1()
    F = torch.nn.functional
    x = torch.from_numpy(randoms(64 * 784, 7)).reshape(64, 1, 28, 28)
    y = torch.arange(64) % 10
    def forward(w1, b1, w2, b2, w3, b3):
        h = F.max_pool2d(torch.relu(F.conv2d(x, w1, b1, padding=2)), 2)
        h = F.max_pool2d(torch.relu(F.conv2d(h, w2, b2, padding=2)), 2)
        return F.linear(h.flatten(1), w3, b3)
    return training(lambda: parameters([(16, 1, 5, 5), (16,), (32, 16, 5, 5), (32,), (10, 1568), (10,)], 0.1),
                    forward, lambda out: F.cross_entropy(out, y), lambda ps: torch.optim.Adam(ps))


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
