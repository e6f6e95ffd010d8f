"""Images with phone boxes, split by scene group, and the square views that the close-up model is trained on."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter

from nanodet import DEVIATION_BGR, MEAN_BGR

#: Excluded entirely: two rooms of the test set, and images of unknown origin.
EXCLUDED_GROUPS = {"im_phone", "cell", "huyhoc"}
#: Never trained on: thresholds are chosen on these.
HELD_OUT_GROUPS = {"pp", "phone_jpg", "rahul"}
#: Of this group of unrelated web images, every second original is held out.
SHARED_GROUP = "iewel"


@dataclass
class Labelled:
    file: str
    original: str
    image: Image.Image
    #: Left, top, right, bottom in pixels.
    boxes: list


def read(folder: Path):
    """@returns (trained on, held out)."""
    train, held_out = [], []
    with open(folder / "labels.tsv") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["group"] in EXCLUDED_GROUPS:
                continue
            image = Image.open(folder / "pictures" / row["file"]).convert("RGB")
            image.load()
            scale = [image.width, image.height] * 2
            shares = [[float(n) for n in box.split()] for box in row["boxes"].split(";") if box.strip()]
            boxes = [[share * side for share, side in zip(box, scale)] for box in shares]
            labelled = Labelled(row["file"], row["original"], image, boxes)
            (held_out if is_held_out(row) else train).append(labelled)
    return train, held_out


def is_held_out(row):
    if row["group"] == SHARED_GROUP:
        return sum(row["original"].encode()) % 2 == 0
    return row["group"] in HELD_OUT_GROUPS


def square_view(labelled, center, side_px, out_px):
    """The square around a point, black outside of the image, and the boxes in it (those that are half inside)."""
    left, top = center[0] - side_px / 2, center[1] - side_px / 2
    image = labelled.image.transform(
        (out_px, out_px), Image.EXTENT, (left, top, left + side_px, top + side_px), Image.BILINEAR
    )
    scale = out_px / side_px
    boxes = []
    for x0, y0, x1, y1 in labelled.boxes:
        box = [(x0 - left) * scale, (y0 - top) * scale, (x1 - left) * scale, (y1 - top) * scale]
        inside = [min(max(value, 0), out_px) for value in box]
        area = (box[2] - box[0]) * (box[3] - box[1])
        if area > 0 and (inside[2] - inside[0]) * (inside[3] - inside[1]) >= 0.4 * area:
            boxes.append(inside)
    return image, boxes


def augmented(image, boxes, rng):
    """Mirrors, quarter turns, light, colour, blur, noise."""
    side = image.width
    if rng.random() < 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
        boxes = [[side - x1, y0, side - x0, y1] for x0, y0, x1, y1 in boxes]
    if rng.random() < 0.2:
        image = image.transpose(Image.ROTATE_90)
        boxes = [[y0, side - x1, y1, side - x0] for x0, y0, x1, y1 in boxes]
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.5, 1.4))
    image = ImageEnhance.Contrast(image).enhance(rng.uniform(0.6, 1.3))
    image = ImageEnhance.Color(image).enhance(rng.uniform(0.3, 1.3))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2.5)))
    return image, boxes


def tensor(image, noise=0.0):
    bgr = np.asarray(image, dtype=np.float32)[:, :, ::-1]
    if noise > 0:
        bgr = np.clip(bgr + np.random.normal(0, noise, bgr.shape), 0, 255)
    return torch.from_numpy(((bgr - MEAN_BGR) / DEVIATION_BGR).astype(np.float32)).permute(2, 0, 1)


def around(box, factor, rng, jitter=0.12):
    """Centre and side of a square around a box."""
    x0, y0, x1, y1 = box
    side = max(x1 - x0, y1 - y0) * factor
    shift = lambda: rng.uniform(-jitter, jitter) * side
    return ((x0 + x1) / 2 + shift(), (y0 + y1) / 2 + shift()), side


class Views:
    """Draws training views: phones from close up and in whole images, and objects that are not phones."""

    def __init__(self, images, suspects, out_px, seed):
        self.with_phones = [labelled for labelled in images if labelled.boxes]
        self.without = [labelled for labelled in images if not labelled.boxes]
        #: (labelled, box) pairs that look like a phone to the model but are not.
        self.suspects = suspects
        self.out_px = out_px
        self.rng = random.Random(seed)

    def draw(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.5:
            labelled = rng.choice(self.with_phones)
            center, side = around(rng.choice(labelled.boxes), rng.uniform(1.2, 2.8), rng)
        elif kind < 0.65:
            labelled = rng.choice(self.with_phones)
            center, side = self._whole(labelled)
        elif kind < 0.9 and self.suspects:
            labelled, box = rng.choice(self.suspects)
            center, side = around(box, rng.uniform(1.2, 2.8), rng)
        else:
            labelled = rng.choice(self.without)
            center, side = self._part(labelled)
        view, boxes = square_view(labelled, center, side, self.out_px)
        view, boxes = augmented(view, boxes, rng)
        return tensor(view, noise=rng.choice([0, 0, 6, 12])), boxes

    def _whole(self, labelled):
        width, height = labelled.image.size
        return (width / 2, height / 2), max(width, height) * self.rng.uniform(0.8, 1.1)

    def _part(self, labelled):
        width, height = labelled.image.size
        side = max(width, height) * self.rng.uniform(0.2, 1)
        return (self.rng.uniform(0, width), self.rng.uniform(0, height)), side

    def batch(self, size):
        drawn = [self.draw() for _ in range(size)]
        return torch.stack([view for view, _ in drawn]), [boxes for _, boxes in drawn]
