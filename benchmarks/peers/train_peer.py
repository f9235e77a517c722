"""PyTorch as a peer: the same network, the same recipe, LaPerm by torch.sort. Written for this benchmark, in PyTorch's usual style.

Networks arrive as the layer lists of @laperm/models, so both sides train the same thing. Layout is PyTorch's own (NCHW).
"""
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from peer import serve


def same_padding(size, window, stride):
    total = max(0, (-(-size // stride) - 1) * stride + window - size)
    return total // 2, total - total // 2


class Conv2d(nn.Module):
    """A convolution with TensorFlow's padding: PyTorch's own where it is symmetric, explicit zeros where it is not."""

    def __init__(self, layer, shape):
        super().__init__()
        height, width, channels = shape
        (kh, kw), (sh, sw) = layer["kernelSize"], layer["strides"]
        top, bottom = left, right = (0, 0)
        if layer["padding"] == "same":
            (top, bottom), (left, right) = same_padding(height, kh, sh), same_padding(width, kw, sw)
        symmetric = top == bottom and left == right
        self.pad = None if symmetric else (left, right, top, bottom)
        self.conv = nn.Conv2d(
            channels, layer["filters"], (kh, kw), (sh, sw), (top, left) if symmetric else 0, bias=layer["useBias"]
        )
        nn.init.kaiming_uniform_(self.conv.weight, nonlinearity="relu")
        self.shape = (
            (height + top + bottom - kh) // sh + 1,
            (width + left + right - kw) // sw + 1,
            layer["filters"],
        )

    def forward(self, x):
        return self.conv(x if self.pad is None else F.pad(x, self.pad))


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


def build(layers, shape):
    modules = []
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv2d":
            module = Conv2d(layer, shape)
            shape = module.shape
        elif kind == "dense":
            module = nn.Linear(shape[0], layer["units"], bias=layer["useBias"])
            nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
            shape = (layer["units"],)
        elif kind == "batchNorm":
            norm = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
            module = norm(shape[-1], eps=layer["epsilon"], momentum=1 - layer["momentum"])
        elif kind == "relu":
            module = nn.ReLU()
        elif kind in ("maxPool2d", "avgPool2d"):
            pool = nn.MaxPool2d if kind == "maxPool2d" else nn.AvgPool2d
            module = pool(tuple(layer["poolSize"]), tuple(layer["strides"]))
            shape = tuple((shape[a] - layer["poolSize"][a]) // layer["strides"][a] + 1 for a in (0, 1)) + (shape[2],)
        elif kind == "flatten":
            module = nn.Flatten()
            size = 1
            for axis in shape:
                size *= axis
            shape = (size,)
        elif kind == "dropout":
            module = nn.Dropout(layer["rate"])
        elif kind == "residual":
            body, body_shape = build(layer["body"], shape)
            shortcut, _ = build(layer["shortcut"], shape)
            module, shape = Residual(body, shortcut), body_shape
        elif kind == "softmax":
            continue  # the loss takes logits
        else:
            raise ValueError(f"unknown layer {kind}")
        modules.append(module)
    return nn.Sequential(*modules), shape


def kernels_of(network):
    return [m.weight for m in network.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]


class Run:
    """A network in training. Its form is how PyTorch's users write it: `eager` as the tutorials do, `tuned` with channels_last and fused Adam,
    `compiled` with torch.compile on top."""

    def __init__(self, request):
        torch.manual_seed(request["seed"])
        torch.set_num_threads(request["threads"])
        model = request["model"]
        self.batch, self.shape = request["batchSize"], tuple(model["inputShape"])
        self.device = torch.device(request.get("device", "cpu"))
        self.network, outputs = build(model["layers"], self.shape)
        self.network.to(self.device)
        self.form = request.get("form", "eager")
        tuned = self.form != "eager"
        if tuned:
            self.network.to(memory_format=torch.channels_last)
        self.classes = outputs[0]
        penalized = [l["l2"] > 0 for l in flat(model["layers"]) if l["kind"] in ("conv2d", "dense")]
        strength = max([l["l2"] for l in flat(model["layers"]) if l["kind"] in ("conv2d", "dense")] + [0])
        kernels = kernels_of(self.network)
        self.penalized = [kernel for kernel, on in zip(kernels, penalized) if on]
        self.strength = strength
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3, eps=1e-7, fused=tuned)
        self.loss_of = torch.compile(self.penalized_loss) if self.form == "compiled" else self.penalized_loss
        # One weight vector a row: PyTorch's kernels are [out, ...in].
        self.kernels = kernels
        self.sorted = [kernel.detach().flatten(1).sort(dim=1).values for kernel in kernels]
        channels = (self.shape[2], *self.shape[:2])
        batches = torch.rand(16, self.batch, *channels).to(self.device)
        self.inputs = [batch.to(memory_format=torch.channels_last) if tuned else batch for batch in batches]
        self.labels = torch.randint(0, self.classes, (16, self.batch)).to(self.device)
        self.step_number = 0

    def penalized_loss(self, inputs, labels):
        loss = F.cross_entropy(self.network(inputs), labels)
        if self.penalized:
            loss = loss + self.strength * sum((kernel * kernel).sum() for kernel in self.penalized)
        return loss

    def step(self, inputs, labels):
        self.network.train()
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(inputs, labels)
        loss.backward()
        self.optimizer.step()
        return loss

    @torch.no_grad()
    def synchronize(self):
        for kernel, ascending in zip(self.kernels, self.sorted):
            flat_kernel = kernel.flatten(1)
            order = flat_kernel.sort(dim=1, stable=True).indices
            kernel.copy_(torch.empty_like(flat_kernel).scatter_(1, order, ascending).view_as(kernel))

    def augment(self, inputs, augmentation):
        """Rotation, shift, zoom and flip of a whole batch in one affine_grid + grid_sample, as torchvision's users do it fast."""
        size = inputs.shape[0]
        angle = (torch.rand(size) * 2 - 1) * augmentation["rotationDegrees"] * torch.pi / 180
        zoom = 1 + (torch.rand(size, 2) * 2 - 1) * augmentation["zoom"]
        shift = (torch.rand(size, 2) * 2 - 1) * augmentation["shiftFraction"] * 2
        flip = torch.where(torch.rand(size) < 0.5, -1.0, 1.0) if augmentation["horizontalFlip"] else torch.ones(size)
        cosine, sine = angle.cos(), angle.sin()
        matrix = torch.stack(
            [
                torch.stack([flip * cosine * zoom[:, 0], -sine * zoom[:, 1], shift[:, 0]], 1),
                torch.stack([flip * sine * zoom[:, 0], cosine * zoom[:, 1], shift[:, 1]], 1),
            ],
            1,
        )
        grid = F.affine_grid(matrix, list(inputs.shape), align_corners=False)
        return F.grid_sample(inputs, grid, mode="bilinear", padding_mode="border", align_corners=False)


def flat(layers):
    for layer in layers:
        if layer["kind"] == "residual":
            yield from flat(layer["body"])
            yield from flat(layer["shortcut"])
        else:
            yield layer


class AugmentedImages(torch.utils.data.Dataset):
    """Grey images moved one by one by torchvision's RandomAffine, as its users write it. It knows one zoom for both axes and no nearest border."""

    def __init__(self, examples, shape, augmentation):
        from torchvision import transforms
        from torchvision.transforms.functional import to_pil_image

        self.images = torch.randint(0, 256, (examples, *shape[:2]), dtype=torch.uint8)
        self.labels = torch.randint(0, 10, (examples,))
        self.to_image = to_pil_image
        shift, zoom = augmentation["shiftFraction"], augmentation["zoom"]
        self.transform = transforms.Compose(
            [
                transforms.RandomAffine(
                    augmentation["rotationDegrees"],
                    translate=(shift, shift),
                    scale=(1 - zoom, 1 + zoom),
                    interpolation=transforms.InterpolationMode.BILINEAR,
                ),
                *([transforms.RandomHorizontalFlip()] if augmentation["horizontalFlip"] else []),
                transforms.ToTensor(),
            ]
        )

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        # A PIL image, as torchvision.datasets.MNIST gives it.
        return self.transform(self.to_image(self.images[index])), self.labels[index]


run = None
loader = None
names = {"eager": "", "tuned": ", channels_last, fused Adam", "compiled": ", channels_last, fused Adam, torch.compile"}


def load(request):
    global run
    run = Run(request)
    return {"name": f"PyTorch {torch.__version__}{names[run.form]}", "threads": torch.get_num_threads(), "memoryBytes": 0}


def load_images(request):
    """Make a DataLoader of as many examples, with as many worker processes."""
    global loader
    images = AugmentedImages(request["examples"], run.shape, request["augmentation"])
    loader = torch.utils.data.DataLoader(
        images, batch_size=run.batch, shuffle=True, num_workers=request["workers"]
    )
    import torchvision

    return {"name": f"torchvision {torchvision.__version__}"}


def loaded_steps(request):
    """One pass over the DataLoader, synchronizing every `syncPeriod`; milliseconds in all, its workers' start included."""
    start = time.perf_counter()
    for inputs, labels in loader:
        loss = run.step(inputs, labels)
        run.step_number += 1
        if request["syncPeriod"] and run.step_number % request["syncPeriod"] == 0:
            run.synchronize()
    return {"ms": (time.perf_counter() - start) * 1000, "loss": loss.item()}


def steps(request):
    """`count` training steps, synchronizing every `syncPeriod` (0: never), augmenting where asked; milliseconds in all."""
    start = time.perf_counter()
    loss = None
    for _ in range(request["count"]):
        index = run.step_number % 16
        run.step_number += 1
        inputs = run.inputs[index]
        if request.get("augmentation"):
            inputs = run.augment(inputs, request["augmentation"])
        loss = run.step(inputs, run.labels[index])
        if request["syncPeriod"] and run.step_number % request["syncPeriod"] == 0:
            run.synchronize()
    last = loss.item()  # waits for the device
    elapsed = (time.perf_counter() - start) * 1000
    return {"ms": elapsed, "loss": last}


@torch.no_grad()
def evaluate(request):
    """Inference over `batches` batches; milliseconds in all."""
    run.network.eval()
    start = time.perf_counter()
    correct = 0
    for batch in range(request["batches"]):
        index = batch % 16
        correct += (run.network(run.inputs[index]).argmax(1) == run.labels[index]).sum().item()
    return {"ms": (time.perf_counter() - start) * 1000, "correct": correct}


def memory(_request):
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    return {"peakBytes": peak}


serve({"load": load, "load_images": load_images, "loaded_steps": loaded_steps, "steps": steps, "evaluate": evaluate, "memory": memory})
