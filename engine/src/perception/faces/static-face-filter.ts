import { intersectionOverUnion } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';

/** A face that has been still for this long is a picture on the wall; no person stays this still. */
const stillAfterMs = 20_000;
/** Movement of the box's centre, and change of its width, as a share of its width: the mesh's own noise. */
const mostShift = 0.04;
const mostGrowth = 0.07;
const samePlaceIou = 0.5;
/** A face that the detector misses for a moment is still the same one. */
const forgetAfterMs = 5000;

interface Track {
  anchor: BoxPx;
  stillSinceMs: number;
  seenMs: number;
}

/**
 * Distinguishes pictures of faces from people by their movement over time. The student is the largest face that is not
 * a picture, and never becomes one; a picture that was recognised beside the student stays one when the student leaves.
 */
export class StaticFaceFilter {
  #tracks: Track[] = [];

  /** @param faces boxes, largest first. @returns for each whether it is a picture. */
  update(faces: readonly BoxPx[], atMs: number): boolean[] {
    const seen: Track[] = [];
    let hasStudent = false;
    const arePictures = faces.map((box) => {
      const known = this.#tracks.find((track) => intersectionOverUnion(track.anchor, box) > samePlaceIou);
      const wasPicture = known !== undefined && isPicture(known, known.seenMs) && !hasMoved(known.anchor, box);
      if (!wasPicture && !hasStudent) {
        hasStudent = true;
        return false;
      }
      const track = followed(known, box, atMs);
      seen.push(track);
      return isPicture(track, atMs);
    });
    const unseen = this.#tracks.filter((track) => !seen.includes(track) && atMs - track.seenMs < forgetAfterMs);
    this.#tracks = [...seen, ...unseen];
    return arePictures;
  }

  reset(): void {
    this.#tracks = [];
  }
}

const followed = (known: Track | undefined, box: BoxPx, atMs: number): Track => {
  if (known === undefined) return { anchor: box, stillSinceMs: atMs, seenMs: atMs };
  if (hasMoved(known.anchor, box)) Object.assign(known, { anchor: box, stillSinceMs: atMs });
  known.seenMs = atMs;
  return known;
};

const isPicture = (track: Track, atMs: number): boolean => atMs - track.stillSinceMs >= stillAfterMs;

const hasMoved = (a: BoxPx, b: BoxPx): boolean => {
  const shift = Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
  return shift > mostShift * a.width || Math.abs(a.width - b.width) > mostGrowth * a.width;
};
