import type { FeatureReadings } from '../perception/readings/feature-readings.ts';

/**
 * Readings of a face that differ between any two images of a camera: positions to a tenth of a pixel, angles to a
 * ten-thousandth.
 */
const faceFields = ['face_x', 'face_y', 'face_w', 'head_yaw', 'head_pitch', 'head_roll'] as const;
/** This many in a row never happen by chance: one repeat is a frame that arrived twice. */
const mostRepeats = 15;

/** Detects a worker that returns the same readings although the image changes. */
export class StuckReadings {
  #last: string | null = null;
  #repeats = 0;

  /** @returns whether the readings have been identical for so long that the worker must be replaced. */
  update(readings: FeatureReadings): boolean {
    const imageStands = (readings.image_frozen_for_ms ?? 0) > 0 || readings.image_replayed === 1;
    const face = faceFields.map((field) => readings[field] ?? null);
    const key = readings.face_present === 1 && !imageStands && !face.includes(null) ? face.join(' ') : null;
    this.#repeats = key !== null && key === this.#last ? this.#repeats + 1 : 0;
    this.#last = key;
    return this.#repeats >= mostRepeats;
  }

  reset(): void {
    this.#last = null;
    this.#repeats = 0;
  }
}
