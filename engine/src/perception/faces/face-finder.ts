import type { DetectedFace } from './face-detector.ts';
import { nextRegion, type FaceModels, type MeshedFace } from './face-models.ts';
import type { FramePixels } from '../image/frame-pixels.ts';
import { estimateHeadPose } from './head-pose.ts';
import { squareAround, type SampledSquare } from '../image/image-sampler.ts';
import { intersectionOverUnion, overlapOfSmaller, type BoxPx, type Landmark, type SizePx } from './landmark.ts';
import { angleBetweenRad } from './rigid-fit.ts';

export interface FoundFace {
  /** Around the mesh, camera pixels. */
  box: BoxPx;
  landmarks: Landmark[];
  hasIrises: boolean;
  /** 0–1. */
  confidence: number;
}

export interface FindOptions {
  /** Meshes the largest face with irises. */
  withIrises: boolean;
  /** Looks into every tile of the picture at once, as for a single picture. */
  thorough: boolean;
  maxFaces: number;
}

/**
 * The short-range detector sees the whole picture at 128 pixels and so misses faces below about a tenth of it. Tiles of
 * half the size, overlapping by half, find faces half as large. One tile is looked into at a time, in turn; while a face is
 * followed, whole picture and tiles alternate from frame to frame.
 */
const TILE_SHARE = 0.5;
/** A face in a tile has to be surer than one in the whole picture: a tile has more room for false ones. */
const MIN_TILE_SCORE = 0.6;
/** Mesh certainty from which a face counts. */
const MIN_PRESENCE = 0.5;
const MIN_AGAIN_PRESENCE = 0.88;
const MIN_AGAIN_IOU = 0.65;
const MOST_AGAIN_TURN_RAD = (10 * Math.PI) / 180;
/** So near to a tile's border a face is taken to be cut by it. */
const INNER_EDGE_PX = 2;
/** Boxes that overlap more than this are one face. */
const SAME_FACE_IOU = 0.3;
const SAME_FACE_OVERLAP = 0.6;

/** Finds faces and follows them from image to image. */
export class FaceFinder {
  readonly #models: FaceModels;
  #followed: SampledSquare[] = [];
  /** Counts half turns: one for the whole picture, one for a tile. */
  #turn = 0;

  constructor(models: FaceModels) {
    this.#models = models;
  }

  reset(): void {
    this.#followed = [];
    this.#turn = 0;
  }

  /** Largest face first. */
  async find(frame: FramePixels, options: FindOptions): Promise<FoundFace[]> {
    const candidates = await this.#candidates(frame, options.thorough);
    const faces: FoundFace[] = [];
    for (const candidate of candidates) {
      if (faces.length >= options.maxFaces) break;
      if (faces.some((face) => isSameFace(face.box, regionBox(candidate.region)))) continue;
      const withIrises = options.withIrises && faces.length === 0;
      const mesh = await this.#confirmed(candidate, frame, withIrises);
      if (mesh === null) continue;
      const box = boundingBox(mesh.landmarks);
      if (faces.some((face) => isSameFace(face.box, box))) continue;
      const confidence = Math.min(mesh.presence, candidate.score ?? 1);
      faces.push({ box, landmarks: mesh.landmarks, hasIrises: withIrises, confidence });
    }
    faces.sort((a, b) => area(b.box) - area(a.box));
    this.#followed = faces.map((face) => nextRegion(face.landmarks));
    return faces;
  }

  /** A face that is followed is looked at once; a new one has to stand still under three looks. */
  async #confirmed(candidate: Candidate, frame: FramePixels, withIrises: boolean): Promise<MeshedFace | null> {
    const isNew = candidate.score !== null;
    const first = await this.#models.mesh(frame.image, candidate.region, withIrises && !isNew);
    if (first === null || first.presence < MIN_PRESENCE || !isNew) return first;
    const second = await this.#lookAgain(first, frame, false);
    return second === null ? null : this.#lookAgain(second, frame, withIrises);
  }

  /**
   * On what is no face (a dog, a sink, a plate) the mesh may be certain at first sight, but it lands somewhere else, turns, or
   * finds nothing, when it is shown the region that it drew itself.
   */
  async #lookAgain(before: MeshedFace, frame: FramePixels, withIrises: boolean): Promise<MeshedFace | null> {
    const region = nextRegion(before.landmarks);
    const after = await this.#models.mesh(frame.image, region, withIrises);
    if (after === null || after.presence < MIN_AGAIN_PRESENCE) return null;
    const overlap = intersectionOverUnion(boundingBox(before.landmarks), boundingBox(after.landmarks));
    const turnedRad = angleBetweenRad(
      estimateHeadPose(before.landmarks, frame).rotation,
      estimateHeadPose(after.landmarks, frame).rotation,
    );
    return overlap >= MIN_AGAIN_IOU && turnedRad <= MOST_AGAIN_TURN_RAD ? after : null;
  }

  async #candidates(frame: FramePixels, thorough: boolean): Promise<Candidate[]> {
    const followed = thorough ? [] : this.#followed;
    const tiles = tilesOf(frame);
    const isTileTurn = followed.length === 0 || this.#turn % 2 === 1;
    const isWholeTurn = followed.length === 0 || this.#turn % 2 === 0;
    const next = Math.floor(this.#turn / 2) % tiles.length;
    const looked = thorough ? tiles : isTileTurn ? tiles.slice(next, next + 1) : [];
    this.#turn += followed.length === 0 ? 2 : 1;
    const whole = isWholeTurn ? await this.#models.detect(frame.image, squareAround(frame, 0)) : [];
    const inTiles: Candidate[] = [];
    for (const tile of looked) inTiles.push(...(await this.#detectInTile(frame, tile)));
    const fresh = [...whole, ...inTiles].toSorted((a, b) => b.region.sidePx - a.region.sidePx);
    return [...followed.map((region) => ({ region, score: null })), ...fresh];
  }

  async #detectInTile(frame: FramePixels, tile: SampledSquare): Promise<Candidate[]> {
    const found = await this.#models.detect(frame.image, tile);
    return found.filter((face) => face.score >= MIN_TILE_SCORE && !touchesInnerEdge(face, tile, frame));
  }
}

interface Candidate {
  region: SampledSquare;
  /** Null for a face that is followed. */
  score: number | null;
}

function tilesOf({ width, height }: SizePx): SampledSquare[] {
  const sidePx = Math.round(Math.max(width, height) * TILE_SHARE);
  const centers = (length: number): number[] => {
    if (length <= sidePx) return [length / 2];
    const count = Math.max(2, Math.ceil((length - sidePx) / (sidePx / 2)) + 1);
    return Array.from({ length: count }, (_, i) => Math.round((i * (length - sidePx)) / (count - 1)) + sidePx / 2);
  };
  return centers(height).flatMap((centerY) =>
    centers(width).map((centerX) => ({ centerX, centerY, sidePx, rotationRad: 0 })),
  );
}

/** A face cut by a tile's border is seen whole in the next tile or in the whole picture. */
function touchesInnerEdge({ box }: DetectedFace, { centerX, centerY, sidePx }: SampledSquare, frame: SizePx): boolean {
  const reachPx = sidePx / 2 - INNER_EDGE_PX;
  const edges = {
    left: centerX - sidePx / 2,
    top: centerY - sidePx / 2,
    right: centerX + sidePx / 2,
    bottom: centerY + sidePx / 2,
  };
  return (
    (box.x < centerX - reachPx && edges.left > 0) ||
    (box.y < centerY - reachPx && edges.top > 0) ||
    (box.x + box.width > centerX + reachPx && edges.right < frame.width) ||
    (box.y + box.height > centerY + reachPx && edges.bottom < frame.height)
  );
}

/** The region without the margin that the pipeline puts around a face. */
function regionBox({ centerX, centerY, sidePx }: SampledSquare): BoxPx {
  const side = sidePx / 1.5;
  return { x: centerX - side / 2, y: centerY - side / 2, width: side, height: side };
}

function isSameFace(a: BoxPx, b: BoxPx): boolean {
  return intersectionOverUnion(a, b) > SAME_FACE_IOU || overlapOfSmaller(a, b) > SAME_FACE_OVERLAP;
}

function area(box: BoxPx): number {
  return box.width * box.height;
}

function boundingBox(landmarks: readonly Landmark[]): BoxPx {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of landmarks) {
    left = Math.min(left, p.x);
    right = Math.max(right, p.x);
    top = Math.min(top, p.y);
    bottom = Math.max(bottom, p.y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
