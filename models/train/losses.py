"""The losses of NanoDet for one class: quality focal loss, GIoU and distribution focal loss (Li et al., 2020), with ATSS (Zhang et al., 2020)."""

import torch
import torch.nn.functional as F

from nanodet import BINS, STRIDES

#: Side of the anchor of a cell, in strides; nearest cells of each stride that are considered.
ANCHOR_STRIDES = 5
NEAREST = 9


def overlaps(a, b):
    """Intersection over union and GIoU of paired boxes."""
    low, high = torch.max(a[..., :2], b[..., :2]), torch.min(a[..., 2:], b[..., 2:])
    inter = (high - low).clamp(min=0).prod(-1)
    areas = [(box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1) for box in (a, b)]
    union = areas[0] + areas[1] - inter
    iou = inter / union.clamp(min=1e-6)
    hull = (torch.max(a[..., 2:], b[..., 2:]) - torch.min(a[..., :2], b[..., :2])).prod(-1)
    return iou, iou - (hull - union) / hull.clamp(min=1e-6)


def assigned(centers, strides, boxes):
    """For each cell the index of its box, or -1."""
    owner = torch.full((len(centers),), -1, dtype=torch.long)
    best = torch.zeros(len(centers))
    half = strides[:, None] * ANCHOR_STRIDES / 2
    anchors = torch.cat([centers - half, centers + half], -1)
    for index, box in enumerate(boxes):
        distance = (centers - (box[:2] + box[2:]) / 2).norm(dim=-1)
        nearest = []
        for stride in STRIDES:
            cells = (strides == stride).nonzero()[:, 0]
            nearest.append(cells[distance[cells].topk(min(NEAREST, len(cells)), largest=False).indices])
        candidates = torch.cat(nearest)
        iou, _ = overlaps(anchors[candidates], box.expand(len(candidates), 4))
        inside = ((centers[candidates] > box[:2]) & (centers[candidates] < box[2:])).all(-1)
        chosen = (iou >= iou.mean() + iou.std()) & inside & (iou > best[candidates])
        owner[candidates[chosen]] = index
        best[candidates[chosen]] = iou[chosen]
    return owner


def detection_loss(decoded, truths):
    logits, boxes, bins, centers, strides = decoded
    quality = torch.zeros_like(logits)
    box_loss = bin_loss = logits.sum() * 0
    weights = 0.0
    positives = 0
    for i, truth in enumerate(truths):
        if not truth:
            continue
        target = torch.tensor(truth, dtype=torch.float32)
        owner = assigned(centers, strides, target)
        cells = (owner >= 0).nonzero()[:, 0]
        if len(cells) == 0:
            continue
        wanted = target[owner[cells]]
        iou, giou = overlaps(boxes[i, cells], wanted)
        quality[i, cells] = iou.detach().clamp(min=0.05)
        weight = logits[i, cells].sigmoid().detach()
        box_loss = box_loss + ((1 - giou) * weight).sum()
        bin_loss = bin_loss + (distribution_loss(bins[i, cells], centers[cells], strides[cells], wanted) * weight).sum()
        weights += float(weight.sum())
        positives += len(cells)
    score = logits.sigmoid()
    focus = (quality - score).abs().pow(2)
    score_loss = (F.binary_cross_entropy_with_logits(logits, quality, reduction="none") * focus).sum() / max(1, positives)
    return score_loss + (2 * box_loss + 0.25 * bin_loss) / max(1.0, weights)


def distribution_loss(bins, centers, strides, boxes):
    """@returns one value for each cell: the mean over its four sides."""
    sides = torch.cat([centers - boxes[:, :2], boxes[:, 2:] - centers], -1) / strides[:, None]
    sides = sides.clamp(0, BINS - 1.01)
    low = sides.long()
    share = sides - low
    logs = bins.log_softmax(-1)
    at = lambda index: logs.gather(-1, index[..., None])[..., 0]
    return -(at(low) * (1 - share) + at(low + 1) * share).mean(-1)
