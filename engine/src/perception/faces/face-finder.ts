import type { DetectedFace } from './face-detector.ts';
import { nextRegion } from './face-models.ts';
import type { FaceModels, FaceRange, MeshedFace } from './face-models.ts';
import type { FramePixels } from '../image/frame-pixels.ts';
import { estimateHeadPose } from './head-pose.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { intersectionOverUnion, overlapOfSmaller } from '../geometry/landmark.ts';
import type { BoxPx, Landmark } from '../geometry/landmark.ts';
import { angleBetweenRad } from './rigid-fit.ts';
import { everywhere, SearchPlan, touchesInnerEdge } from './search-plan.ts';
import type { SearchPlace, SearchView } from './search-plan.ts';
import { minDetectorScore, seenByBoth, UnmeshedFaces } from './unmeshed-faces.ts';
import type { SeenFace } from './unmeshed-faces.ts';

export interface FoundFace {
  /** Around the mesh, or the detector's box if there is none; camera pixels. */
  box: BoxPx;
  /** Null for a visible face that cannot be measured: covered by a mask or a hand, or turned to the side. */
  landmarks: Landmark[] | null;
  hasIrises: boolean;
  /** 0–1. */
  confidence: number;
}

export interface FindOptions {
  /** Meshes the largest face with irises. */
  withIrises: boolean;
  /** Searches the whole image at once, as for a single image. */
  thorough: boolean;
  /** Whether the image has changed since the last search for phones. */
  sceneChanged: boolean;
  maxFaces: number;
}

/** Minimum score of a detector's box for running the mesh. A tile produces more false boxes than the whole image. */
const lowestScore = { whole: 0.5, tile: 0.6 };
/** Minimum mesh confidence for a face. */
const lowestPresence = 0.5;
const minAgainPresence = 0.88;
const minAgainIou = 0.65;
const mostAgainTurnRad = (10 * Math.PI) / 180;
/** Boxes that overlap by more than this belong to one face. */
const sameFaceIou = 0.3;
const sameFaceOverlap = 0.6;

/** Finds faces and tracks them from image to image. */
export class FaceFinder {
  readonly #models: FaceModels;
  readonly #searches = new SearchPlan();
  readonly #unmeshed = new UnmeshedFaces();
  #followed: SampledSquare[] = [];

  constructor(models: FaceModels) {
    this.#models = models;
  }

  reset(): void {
    this.#followed = [];
    this.#searches.reset();
    this.#unmeshed.reset();
  }

  /** Largest face first. */
  async find(frame: FramePixels, options: FindOptions): Promise<FoundFace[]> {
    const followed = options.thorough ? [] : this.#followed;
    const places = options.thorough
      ? everywhere(frame)
      : this.#searches.next(frame, {
          follows: followed.length > 0,
          hurried: this.#unmeshed.hasNew,
          changed: options.sceneChanged || this.#unmeshed.hasAny,
        });
    const found = await this.#search(frame, places);
    const candidates = [...followed.map((region) => ({ region, score: null })), ...found.flatMap(asCandidate)];
    const meshed = await this.#meshed(frame, candidates, options);
    const seen = places.some(({ range }) => range === 'full') ? seenWithoutMesh(found) : null;
    const lost = followed.map(regionBox).filter((box) => !meshed.some((face) => isSameFace(face.box, box)));
    const unmeshed = this.#unmeshed.update(seen, { meshed, lost, thorough: options.thorough });
    this.#followed = meshed.map(({ landmarks }) => nextRegion(landmarks));
    const faces = [...meshed, ...unmeshed].toSorted((a, b) => area(b.box) - area(a.box));
    return faces.slice(0, options.maxFaces);
  }

  async #search(frame: FramePixels, places: readonly SearchPlace[]): Promise<PlacedFace[]> {
    const found: PlacedFace[] = [];
    for (const place of places) {
      const minScore = place.view === 'tile' ? lowestScore.tile : minDetectorScore;
      const faces = await this.#models.detect(frame.image, place.square, place.range, minScore);
      const whole = faces.filter((face) => place.view !== 'tile' || !touchesInnerEdge(face, place.square, frame));
      found.push(...whole.map((face) => ({ ...face, place })));
    }
    return found.toSorted((a, b) => b.region.sidePx - a.region.sidePx);
  }

  async #meshed(
    frame: FramePixels,
    candidates: readonly Candidate[],
    options: FindOptions,
  ): Promise<MeshedFoundFace[]> {
    const faces: MeshedFoundFace[] = [];
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
    return faces;
  }

  /** A tracked face is verified by one mesh run; a new one has to pass three. */
  async #confirmed(candidate: Candidate, frame: FramePixels, withIrises: boolean): Promise<MeshedFace | null> {
    const isNew = candidate.score !== null;
    const first = await this.#models.mesh(frame.image, candidate.region, withIrises && !isNew);
    if (first === null || first.presence < lowestPresence || !isNew) return first;
    const second = await this.#lookAgain(first, frame, false);
    return second === null ? null : this.#lookAgain(second, frame, withIrises);
  }

  /**
   * On objects that are not faces (a dog, a sink, a plate) the mesh may be confident at first, but when it is run on
   * the region that it produced itself, it moves elsewhere, turns, or finds nothing.
   */
  async #lookAgain(before: MeshedFace, frame: FramePixels, withIrises: boolean): Promise<MeshedFace | null> {
    const after = await this.#models.mesh(frame.image, nextRegion(before.landmarks), withIrises);
    if (after === null || after.presence < minAgainPresence) return null;
    const overlap = intersectionOverUnion(boundingBox(before.landmarks), boundingBox(after.landmarks));
    const turnedRad = angleBetweenRad(
      estimateHeadPose(before.landmarks, frame).rotation,
      estimateHeadPose(after.landmarks, frame).rotation,
    );
    return overlap >= minAgainIou && turnedRad <= mostAgainTurnRad ? after : null;
  }
}

/** Boxes of the faces that can be measured. */
export const meshedBoxes = (faces: readonly FoundFace[]): BoxPx[] =>
  faces.flatMap(({ box, landmarks }) => (landmarks === null ? [] : [box]));

type MeshedFoundFace = FoundFace & { landmarks: Landmark[] };
type PlacedFace = DetectedFace & { place: SearchPlace };

const asCandidate = ({ region, score, place }: PlacedFace): Candidate[] =>
  score < (place.view === 'tile' ? lowestScore.tile : lowestScore.whole) ? [] : [{ region, score }];

const seenWithoutMesh = (found: readonly PlacedFace[]): SeenFace[] => {
  const by = (view: SearchView, range: FaceRange) =>
    found.filter(({ place }) => place.view === view && place.range === range);
  return (['whole', 'wide'] as const).flatMap((view) => seenByBoth(by(view, 'full'), by(view, 'short'), view));
};

interface Candidate {
  region: SampledSquare;
  /** Null for a tracked face. */
  score: number | null;
}

/** The region without the margin that the pipeline puts around a face. */
const regionBox = ({ centerX, centerY, sidePx }: SampledSquare): BoxPx => {
  const side = sidePx / 1.5;
  return { x: centerX - side / 2, y: centerY - side / 2, width: side, height: side };
};

/** Whether two boxes belong to one face. */
const isSameFace = (a: BoxPx, b: BoxPx): boolean =>
  intersectionOverUnion(a, b) > sameFaceIou || overlapOfSmaller(a, b) > sameFaceOverlap;

const area = (box: BoxPx): number => box.width * box.height;

const boundingBox = (landmarks: readonly Landmark[]): BoxPx => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of landmarks) {
    left = Math.min(left, p.x);
    right = Math.max(right, p.x);
    top = Math.min(top, p.y);
    bottom = Math.max(bottom, p.y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
};
