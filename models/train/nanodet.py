"""NanoDet in torch, built from the TensorFlow.js graph: every tensor keeps the ONNX channel order (NCHW)."""

from pathlib import Path

import torch
import torch.nn.functional as F

from graph_weights import GraphWeights

PHONE = 67
CLASSES = 80
BINS = 11
STRIDES = (8, 16, 32)
MEAN_BGR = (103.53, 116.28, 123.675)
DEVIATION_BGR = (57.375, 57.12, 58.395)
#: These nodes are skipped: one channel order makes them redundant, or the caller does their work.
PASSED_THROUGH = ("Transpose", "SplitV")


def base(name):
    return name.split(":")[0]


class NanoDet(torch.nn.Module):
    """Runs the graph node by node. `forward` returns for each stride the phone logits [B, N] and bins [B, N, 4, 11]."""

    def __init__(self, weights: GraphWeights, trained=()):
        super().__init__()
        self.weights = weights
        self.by_name = {node["name"]: node for node in weights.nodes}
        self.values = torch.nn.ParameterDict()
        for node in weights.nodes:
            if node["op"] == "Conv2D":
                self._keep(node["input"][1], trained, lambda value: value.permute(3, 2, 0, 1).contiguous())
            elif node["op"] == "Add":
                for name in node["input"]:
                    if name in weights:
                        self._keep(name, trained, lambda value: value.reshape(1, -1, 1, 1))
        self.order = self._order()

    @staticmethod
    def key(name):
        return name.replace(".", "_").replace("/", "__")

    def _keep(self, name, trained, arrange):
        value = arrange(torch.from_numpy(self.weights.read(name).copy()))
        self.values[self.key(name)] = torch.nn.Parameter(value, requires_grad=name in trained)

    def _order(self):
        order, seen = [], set()

        def visit(name):
            node = self.by_name.get(base(name))
            if node is None or node["name"] in seen or node["op"] in ("Const", "Placeholder"):
                return
            seen.add(node["name"])
            data_inputs = node["input"] if node["op"] in ("Add", "ConcatV2") else node["input"][:1]
            for source in data_inputs:
                visit(source)
            order.append(node)

        # Each head ends with the split of its channels into classes and bins.
        for node in self.weights.nodes:
            if node["op"] == "SplitV":
                visit(node["name"])
        return order

    def _run(self, node, of):
        op, inputs = node["op"], node["input"]
        image = of(inputs[0])
        if op in PASSED_THROUGH:
            return image
        if op == "Pad":
            pads = self.weights.read(inputs[1])
            return F.pad(image, [int(n) for axis in (3, 2) for n in pads[axis]])
        if op == "PadV2":
            pads = self.weights.read(inputs[1])
            return F.pad(image, [int(n) for axis in (3, 2) for n in pads[axis]], value=-1e4)
        if op == "Conv2D":
            stride = int(node["attr"]["strides"]["list"]["i"][1])
            return F.conv2d(image, self.values[self.key(inputs[1])], stride=stride)
        if op == "Add":
            other = inputs[1]
            return image + (self.values[self.key(other)] if other in self.weights else of(other))
        if op == "LeakyRelu":
            return F.leaky_relu(image, node["attr"]["alpha"]["f"])
        if op == "MaxPool":
            return F.max_pool2d(image, 3, 2)
        if op == "ConcatV2":
            return torch.cat([of(name) for name in inputs[:-1]], 1)
        if op == "ResizeBilinear":
            height, _ = self.weights.read(inputs[1])
            factor = int(height) / 416 * self.side
            return F.interpolate(image, size=(round(factor), round(factor)), mode="bilinear", align_corners=False)
        raise ValueError(f"The graph holds {op}, which this module cannot run.")

    def forward(self, images):
        """@param images [B, 3, side, side], BGR, normalised; the side is a multiple of 32."""
        self.side = images.shape[-1]
        computed = {}

        def of(name):
            node = self.by_name.get(base(name))
            return images if node is None or node["op"] == "Placeholder" else computed[node["name"]]

        for node in self.order:
            computed[node["name"]] = self._run(node, of)
        heads = [node["name"] for node in self.order if node["op"] == "SplitV"]
        # Sorted by resolution: the finest head first.
        maps = sorted((computed[name] for name in heads), key=lambda value: -value.shape[-1])
        found = []
        for value in maps:
            flat = value.flatten(2)
            bins = flat[:, CLASSES:].permute(0, 2, 1).reshape(len(images), -1, 4, BINS)
            found.append((flat[:, PHONE], bins))
        return found


def decoded(found, side):
    """Logits [B, N], boxes [B, N, 4] (left, top, right, bottom in pixels), bins and centres of all strides."""
    logits, boxes, bins, centers, strides = [], [], [], [], []
    for (score, distribution), stride in zip(found, STRIDES):
        cells = side // stride
        ys, xs = torch.meshgrid(torch.arange(cells), torch.arange(cells), indexing="ij")
        center = (torch.stack([xs, ys], -1).reshape(-1, 2) + 0.5) * stride
        sides = (distribution.softmax(-1) * torch.arange(BINS)).sum(-1) * stride
        boxes.append(torch.cat([center - sides[..., :2], center + sides[..., 2:]], -1))
        logits.append(score)
        bins.append(distribution)
        centers.append(center)
        strides.append(torch.full((len(center),), stride))
    return torch.cat(logits, 1), torch.cat(boxes, 1), torch.cat(bins, 1), torch.cat(centers), torch.cat(strides)


def load(weights_dir: Path, trained=()):
    return NanoDet(GraphWeights(weights_dir / "nanodet.json"), trained)
