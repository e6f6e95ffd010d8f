"""Suspects in images without phones, and how well the close-up model distinguishes them from phones."""

import random

import numpy as np
import torch

from nanodet import decoded
from phone_images import around, square_view, tensor

LOOK_PX = 256
LOOK_SIDE = 1.7
MOST_SUSPECTS = 2
FALSE_SHARES = (0.005, 0.01, 0.02)


def best_boxes(model, labelled, least=0.03):
    """The most confident boxes of the whole image, in its pixels; at most two that do not overlap by half."""
    width, height = labelled.image.size
    side = max(width, height)
    view, _ = square_view(labelled, (width / 2, height / 2), side, 320)
    with torch.no_grad():
        logits, boxes, *_ = decoded(model(tensor(view)[None]), 320)
    scores = logits[0].sigmoid()
    found = []
    for cell in scores.argsort(descending=True)[:40].tolist():
        if scores[cell] < least or len(found) == MOST_SUSPECTS:
            break
        scale = side / 320
        shift = ((width - side) / 2, (height - side) / 2)
        x0, y0, x1, y1 = (boxes[0, cell] * scale).tolist()
        box = [x0 + shift[0], y0 + shift[1], x1 + shift[0], y1 + shift[1]]
        center = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        if not any(other[0] < center[0] < other[2] and other[1] < center[1] < other[3] for other in found):
            found.append(box)
    return found


def mined(model, images):
    return [(labelled, box) for labelled in images for box in best_boxes(model, labelled)]


def look(model, labelled, box):
    center, side = around(box, LOOK_SIDE, random.Random(0), jitter=0)
    view, _ = square_view(labelled, center, side, LOOK_PX)
    with torch.no_grad():
        logits, *_ = decoded(model(tensor(view)[None]), LOOK_PX)
    return float(logits.max().sigmoid())


def figures(model, held_out, suspects, most=500):
    """Recall of phones by the close-up model, at given shares of phoneless images in which it finds one."""
    rng = random.Random(5)
    phones = [labelled for labelled in held_out if labelled.boxes]
    phones = rng.sample(phones, min(most, len(phones)))
    positives = np.array([max(look(model, labelled, box) for box in labelled.boxes[:2]) for labelled in phones])
    by_image = {}
    for labelled, box in suspects:
        by_image[labelled.file] = max(by_image.get(labelled.file, 0), look(model, labelled, box))
    without = sum(1 for labelled in held_out if not labelled.boxes)
    negatives = np.sort(np.array([*by_image.values()] + [0] * (without - len(by_image))))[::-1]
    result = {"phones": len(positives), "images_without": without}
    for share in FALSE_SHARES:
        threshold = float(negatives[int(share * without)])
        result[f"recall_at_{share}"] = round(float((positives > threshold).mean()), 3)
        result[f"threshold_at_{share}"] = round(threshold, 3)
    return result
