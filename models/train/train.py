"""Trains the close-up model: NanoDet's later layers, on views of phones and of objects mistaken for phones."""

import argparse
import copy
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch

from held_out import figures, mined
from losses import detection_loss
from nanodet import NanoDet, decoded
from graph_weights import GraphWeights
from phone_images import Views, read

#: The stem, the first two stages and the two largest convolutions stay frozen, so that the trained part is small.
LAST_FROZEN = 10
FROZEN_LARGE = {17, 24}
OUT_PX = 256


def trained_names(weights):
    """Weights and biases of the convolutions that are trained, by the number in their names."""
    by_name = {node["name"]: node for node in weights.nodes}
    names = set()
    for node in weights.nodes:
        conv = by_name.get(node["input"][0]) if node["op"] == "Add" else None
        if conv is None or conv["op"] != "Conv2D":
            continue
        number = int((conv["name"].rsplit("_", 1) + ["0"])[1]) if "_" in conv["name"] else 0
        if number > LAST_FROZEN and number not in FROZEN_LARGE:
            names.update(name for name in (conv["input"][1], node["input"][1]) if name in weights)
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with labels.tsv and pictures/")
    parser.add_argument("--weights", type=Path, default=Path(__file__).parent.parent / "weights")
    parser.add_argument("--out", type=Path, required=True, help="where the trained values go (.npz)")
    parser.add_argument("--cpu-seconds", type=float, default=1200)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=3.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for seeded in (random.seed, np.random.seed, torch.manual_seed):
        seeded(options.seed)

    weights = GraphWeights(options.weights / "nanodet.json")
    model = NanoDet(weights, trained_names(weights))
    images, held_out = read(options.data)
    print(f"{len(images)} images to train on, {len(held_out)} held out", flush=True)
    suspects = mined(model, [image for image in images if not image.boxes])
    print(f"{len(suspects)} suspects in images without a phone", flush=True)
    held_out_suspects = mined(model, [image for image in held_out if not image.boxes])
    print("before", json.dumps(figures(model, held_out, held_out_suspects)), flush=True)
    views = Views(images, suspects, OUT_PX, options.seed)

    learned = [value for value in model.parameters() if value.requires_grad]
    print(f"{sum(value.numel() for value in learned)} values are trained", flush=True)
    optimiser = torch.optim.AdamW(learned, lr=options.rate, weight_decay=0.02)
    average = copy.deepcopy(model)
    start, step, reported = time.process_time(), 0, 0.0
    while (spent := time.process_time() - start) < options.cpu_seconds:
        share = spent / options.cpu_seconds
        rate = options.rate * min(1, step / 50) * (0.5 + 0.5 * math.cos(math.pi * share))
        for group in optimiser.param_groups:
            group["lr"] = rate
        batch, truths = views.batch(options.batch)
        loss = detection_loss(decoded(model(batch), OUT_PX), truths)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 10)
        optimiser.step()
        decay = min(0.995, (step + 1) / (step + 20))
        with torch.no_grad():
            for kept, new in zip(average.parameters(), model.parameters()):
                kept.lerp_(new, 1 - decay)
        step += 1
        if step % 25 == 0:
            print(f"step {step} at {spent:.0f} s: loss {loss.item():.3f}", flush=True)
        if spent - reported > 300:
            reported = spent
            save(average, options.out)
    save(average, options.out)
    print("after", json.dumps(figures(average, held_out, held_out_suspects)), flush=True)


def save(model, out):
    values = {key: value.detach().numpy() for key, value in model.values.items() if value.requires_grad}
    np.savez(out, **values)


if __name__ == "__main__":
    main()
