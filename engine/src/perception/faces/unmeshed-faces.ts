import type { DetectedFace } from './face-detector.ts';
import type { FoundFace } from './face-finder.ts';
import { overlapOfSmaller } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';

/** Boxes below this score are ignored. */
export const minDetectorScore = 0.25;
/**
 * A face without a mesh needs a high score of the full-range detector, or both detectors. Of the boxes in 346 web
 * images (groups of `models/train`) on which no mesh fits, checked by eye, 17 of 18 with a full-range score of .65 and
 * more, and all 28 with a mean score of .55 and more, were faces: masked, turned, or behind a hand or a phone.
 */
const sureScore = 0.65;
const minMeanScore = 0.55;
/** A known face is kept while its full-range score is at least this. */
const keepScore = 0.4;
/** Searches that must find a new one, so that no single image counts. */
const leastSightings = 2;
/** Consecutive full-range searches that may miss it. */
const mostMisses = 1;
const samePlaceOverlap = 0.4;
/** If a meshed face covers at least this share of a detector's box, both are the same face. */
const meshedOverlap = 0.4;

/** A box of the full-range detector with its score, and that of the short-range one at the same place; 0 for none. */
export interface SeenFace {
  box: BoxPx;
  full: number;
  short: number;
  view: 'whole' | 'wide';
}

/** Merges the boxes of both detectors in one view of an image. */
export const seenByBoth = (
  full: readonly DetectedFace[],
  short: readonly DetectedFace[],
  view: SeenFace['view'],
): SeenFace[] =>
  full.map(({ box, score }) => {
    const same = short.filter((other) => overlapOfSmaller(other.box, box) > samePlaceOverlap);
    return { box, full: score, short: Math.max(0, ...same.map((other) => other.score)), view };
  });

const agreementOf = ({ full, short }: SeenFace): number => (full + short) / 2;

/** In the wide view, the full-range detector alone finds too many objects. */
const scoreOf = (face: SeenFace): number =>
  face.view === 'wide' ? agreementOf(face) : Math.max(face.full, agreementOf(face));

const isCertain = (face: SeenFace): boolean =>
  agreementOf(face) >= minMeanScore || (face.view === 'whole' && face.full >= sureScore);

interface Track {
  box: BoxPx;
  score: number;
  sightings: number;
  misses: number;
}

/** Faces that the full-range detector finds and the mesh does not: masks, hands before the mouth, profiles. */
export class UnmeshedFaces {
  #tracks: Track[] = [];

  /** Whether any face without a mesh is tracked. */
  get hasAny(): boolean {
    return this.#tracks.length > 0;
  }

  /** Whether a face was found that must be confirmed before it counts. */
  get hasNew(): boolean {
    return this.#tracks.some(({ sightings }) => sightings < leastSightings);
  }

  /**
   * @param found by both detectors in this image; null if they did not search it.
   * @param lost boxes of faces that had a mesh in the last image and have none in this one: a face found there counts
   * at once.
   */
  update(
    found: readonly SeenFace[] | null,
    { meshed, lost, thorough }: { meshed: readonly FoundFace[]; lost: readonly BoxPx[]; thorough: boolean },
  ): FoundFace[] {
    const isMeshed = (box: BoxPx): boolean => meshed.some((face) => overlapOfSmaller(face.box, box) > meshedOverlap);
    const known = thorough ? [] : this.#tracks;
    const tracks = found === null ? known : this.#followed(known, found, lost);
    this.#tracks = tracks.filter(({ box }) => !isMeshed(box));
    const counted = thorough ? this.#tracks : this.#tracks.filter(({ sightings }) => sightings >= leastSightings);
    return counted.map(({ box, score }) => ({ box, landmarks: null, hasIrises: false, confidence: score }));
  }

  reset(): void {
    this.#tracks = [];
  }

  #followed(known: readonly Track[], found: readonly SeenFace[], lost: readonly BoxPx[]): Track[] {
    const isAt = (a: BoxPx, b: BoxPx): boolean => overlapOfSmaller(a, b) > samePlaceOverlap;
    const candidates = found.flatMap((face): (Track & Pick<SeenFace, 'view'>)[] => {
      const { box, full, view } = face;
      const before = known.find((track) => isAt(track.box, box));
      const wasMeshed = lost.some((other) => isAt(other, box));
      if (!isCertain(face) && (full < keepScore || (before === undefined && !wasMeshed))) return [];
      const sightings = wasMeshed ? leastSightings : (before?.sightings ?? 0) + 1;
      return [{ box, score: scoreOf(face), sightings, misses: 0, view }];
    });
    // The wide view only adds faces that the whole image does not show.
    const inWhole = candidates.filter(({ view }) => view === 'whole');
    const seen = candidates.filter(({ view, box }) => view === 'whole' || !inWhole.some((face) => isAt(face.box, box)));
    const missed = known
      .filter((track) => track.sightings >= leastSightings && track.misses < mostMisses)
      .filter((track) => !seen.some(({ box }) => isAt(box, track.box)))
      .map((track) => ({ ...track, misses: track.misses + 1 }));
    return [...seen, ...missed];
  }
}
