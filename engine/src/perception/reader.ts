import { bitmapOf } from './image/bitmap-of.ts';
import { BlinkRate } from './faces/blink-rate.ts';
import { blockMeans } from './image/block-means.ts';
import { isFalsified } from './image/pixel-check.ts';
import type { PixelCheck } from './image/pixel-check.ts';
import { DetectorPacer } from './pacing/detector-pacer.ts';
import type { PacedDetector } from './pacing/detector-pacer.ts';
import type { Detectors } from './detectors.ts';
import { EngineCost } from './pacing/engine-cost.ts';
import { FaceFinder } from './faces/face-finder.ts';
import type { FoundFace } from './faces/face-finder.ts';
import type { BoxPx } from './geometry/landmark.ts';
import { readFace } from './readings/face-readings.ts';
import { rounded } from './readings/rounded.ts';
import { allUnknown, nothingKnown, whyUnseen } from './readings/unknown-readings.ts';
import type { Unknown } from './readings/unknown-readings.ts';
import type { FeatureReadings } from './readings/feature-readings.ts';
import { FramePixelReader } from './image/frame-pixels.ts';
import type { FramePixels } from './image/frame-pixels.ts';
import { FrozenFeedDetector } from './image/frozen-feed.ts';
import { defaultHorizontalFovDeg } from './faces/head-pose.ts';
import type { Capability, Held } from './pacing/cached-detection.ts';
import { measureImageQuality } from './image/image-quality.ts';
import { MouthMovement } from './faces/mouth-movement.ts';
import { handReadings, phoneReadings } from './readings/object-readings.ts';
import type { PerceptionOptions } from './options.ts';
import { ObjectSearches } from './object-searches.ts';
import type { SearchedImage } from './object-searches.ts';
import { ReplayedFeedDetector } from './image/loop-detector.ts';
import { SceneChange } from './image/scene-change.ts';
import { StaticFaceFilter } from './faces/static-face-filter.ts';

/** When and how an image is analysed. */
interface Look {
  atMs: number;
  /** When its reading began, by this worker's clock. */
  fromMs: number;
  due: Set<PacedDetector>;
  /** All detectors at once, as for a single image. */
  thorough: boolean;
  /** Whether the image has changed since the last phone search. */
  sceneChanged: boolean;
}

/** Optional detectors. */
export type OptionalDetector = 'phone' | 'hands';
export type CapabilityListener = (detector: OptionalDetector, capability: Capability) => void;

const warmUpSize = { width: 640, height: 480 };
/** For the page's developers. */
const falsified =
  'This browser changes the pixels that a page reads (a privacy setting): the camera image cannot be analysed.';

/**
 * Turns images into feature readings: decides which detectors run on which image, and states why a reading is unknown.
 */
export class PerceptionReader {
  readonly #detectors: Detectors;
  readonly #options: PerceptionOptions;
  readonly #pixels = new FramePixelReader();
  readonly #faces: FaceFinder;
  readonly #pacer: DetectorPacer;
  readonly #frozen = new FrozenFeedDetector();
  readonly #replayed = new ReplayedFeedDetector();
  readonly #scene = new SceneChange();
  readonly #stillFaces = new StaticFaceFilter();
  readonly #mouth = new MouthMovement();
  readonly #blinks = new BlinkRate();
  readonly #objects: ObjectSearches;
  #eyes: Held<{ readings: FeatureReadings; unknown: Unknown }> | null = null;
  /** Faces of the previous image. */
  #heads: BoxPx[] = [];
  readonly #cost: EngineCost;
  #gazeOnly = false;
  readonly #check: PixelCheck;

  constructor(detectors: Detectors, options: PerceptionOptions, check: PixelCheck, onCapability: CapabilityListener) {
    this.#detectors = detectors;
    this.#check = check;
    this.#options = options;
    this.#faces = new FaceFinder(detectors.faces);
    this.#pacer = new DetectorPacer(options.budget, options.frameRateHz);
    this.#cost = new EngineCost(this.#pacer);
    const { frameRateHz } = options;
    this.#objects = new ObjectSearches(detectors, frameRateHz === undefined ? Infinity : 1000 / frameRateHz, {
      onCapability,
      onSearched: (...search) => this.#cost.ran(...search),
    });
  }

  /** The known state of the detectors on this device. */
  get capabilities(): Record<OptionalDetector | 'face', Capability> {
    const { backend } = this.#detectors.choice;
    const face: Capability = isFalsified(this.#check, { isDrawn: false, isSampledFromCanvas: false, backend })
      ? { available: false, reason: falsified }
      : { available: true };
    return { face, phone: this.#objects.phone.capability, hands: this.#objects.hands.capability };
  }

  /** Runs every model once: a first run takes longer than any later one. */
  async warmUp(): Promise<void> {
    const { width, height } = warmUpSize;
    const blank = await bitmapOf(new ImageData(width, height));
    const frame = await this.#pixels.read(blank);
    try {
      await this.#detectors.faces.warmUp(frame.image);
      await this.#objects.warmUp(frame.image);
    } finally {
      blank.close();
      this.#forget();
    }
  }

  /** One image of a stream. @param atMs when it was taken, on a clock that never goes back. */
  async read(image: ImageBitmap | VideoFrame, atMs: number): Promise<FeatureReadings> {
    const due = (sceneChanged: boolean): Set<PacedDetector> =>
      this.#gazeOnly ? new Set(['irises']) : this.#pacer.due(atMs, sceneChanged);
    return this.#readWith(image, atMs, due, false);
  }

  /** During gaze calibration: reads the eyes on every image, and nothing but the face. */
  readGazeOnly(gazeOnly: boolean): void {
    this.#gazeOnly = gazeOnly;
    if (gazeOnly) this.#objects.abandon();
  }

  /** @param budget share of one core. */
  setBudget(budget: number): void {
    this.#pacer.setBudget(budget);
  }

  /** A single image: every detector, independent of earlier and later images. */
  async readStill(image: ImageBitmap | VideoFrame): Promise<FeatureReadings> {
    this.#forget();
    const readings = await this.#readWith(image, 0, () => new Set(['irises', 'phone', 'hands']), true);
    this.#forget();
    return readings;
  }

  #forget(): void {
    for (const memory of [
      this.#faces,
      this.#objects,
      this.#frozen,
      this.#replayed,
      this.#scene,
      this.#stillFaces,
      this.#mouth,
      this.#blinks,
    ]) {
      memory?.reset();
    }
    this.#eyes = null;
    this.#heads = [];
  }

  async #readWith(
    image: ImageBitmap | VideoFrame,
    atMs: number,
    dueWhen: (sceneChanged: boolean) => Set<PacedDetector>,
    thorough: boolean,
  ): Promise<FeatureReadings> {
    const from = performance.now();
    try {
      const frame = await this.#pixels.read(image);
      if (this.#isFalsified(frame)) return this.#nothingRead(frame);
      const blocks = blockMeans(frame.luma, frame);
      const quality = measureImageQuality(frame.luma, frame, blocks);
      const frozen = this.#frozen.update(frame.luma, atMs, frame.isDrawn ? this.#check.noiseLevels : 0);
      // Uniformly black or white images are always identical, without having been recorded.
      const replayed = whyUnseen(quality) === null && this.#replayed.update(frame.luma, atMs);
      const sceneChanged = this.#scene.hasChanged(blocks, this.#heads, frame);
      const due = dueWhen(sceneChanged);
      if (this.#objects.isPending) for (const detector of ['phone', 'hands'] as const) due.delete(detector);
      const { maxFaces } = this.#options;
      const withIrises = due.has('irises');
      const faces = await this.#faces.find(frame, { withIrises, thorough, sceneChanged, maxFaces });
      this.#cost.frameRead(atMs, performance.now() - from, faces[0]?.hasIrises ?? false);

      const obstructed = quality.obstructed && faces.length === 0;
      const unseen = frozen.frozen && !obstructed ? 'frozen' : faces.length > 0 ? null : whyUnseen(quality);
      const unknown: Unknown = unseen === null ? {} : nothingKnown(unseen);
      const seen =
        unseen === null
          ? await this.#readSeen(frame, faces, { atMs, fromMs: from, due, thorough, sceneChanged }, unknown)
          : allUnknown;
      this.#heads = faces.map(({ box }) => box);
      if (due.has('phone')) this.#scene.mark(blocks, this.#heads);
      return {
        ...seen,
        image_brightness: rounded(quality.brightness, 3),
        image_contrast: rounded(quality.contrast, 3),
        image_sharpness: rounded(quality.sharpness, 3),
        image_obstructed: obstructed ? 1 : 0,
        image_frozen: unseen === 'frozen' ? 1 : 0,
        image_frozen_for_ms: Math.round(frozen.forMs),
        ...(replayed ? { image_replayed: 1 as const } : {}),
        image_width: frame.width,
        image_height: frame.height,
        engine_backend: this.#detectors.choice.backend,
        ...this.#cost.readings(atMs, performance.now() - from),
        // The plan is for a session: a calibration runs at its own pace.
        ...(this.#gazeOnly ? { engine_face_plan_hz: null } : {}),
        unknown,
      };
    } finally {
      image.close();
    }
  }

  #isFalsified({ isDrawn, image }: FramePixels): boolean {
    const { backend } = this.#detectors.choice;
    return isFalsified(this.#check, { isDrawn, isSampledFromCanvas: image.source instanceof OffscreenCanvas, backend });
  }

  #nothingRead({ width, height }: FramePixels): FeatureReadings {
    const unknown: Unknown = { ...nothingKnown('canvas_falsified'), quality: 'canvas_falsified' };
    const { backend } = this.#detectors.choice;
    return { ...allUnknown, image_width: width, image_height: height, engine_backend: backend, unknown };
  }

  async #readSeen(
    frame: FramePixels,
    faces: readonly FoundFace[],
    look: Look,
    unknown: Unknown,
  ): Promise<FeatureReadings> {
    const { atMs } = look;
    const arePictures = this.#stillFaces.update(
      faces.map(({ box }) => box),
      atMs,
    );
    const people = faces.filter((_, i) => arePictures[i] === false);
    const [student = null] = people;
    await this.#search({ image: frame.image, atMs, faces }, look);
    const { phone: phones, hands: handSearch } = this.#objects;
    const phone = phones.fresh(atMs, this.#pacer.freshForMs('phone'));
    const hands = handSearch.fresh(atMs, this.#pacer.freshForMs('hands'));
    if (phone === null) unknown.phone = phones.whyUnknown;
    if (hands === null) unknown.hands = handSearch.whyUnknown;
    return {
      face_present: student === null ? 0 : 1,
      no_of_face: people.length,
      still_faces: faces.length - people.length,
      ...this.#faceReadings(student, frame, atMs, unknown),
      ...(phone === null ? { phone_present: null } : phoneReadings(phone.value)),
      ...(hands === null
        ? { hand_count: null }
        : handReadings(hands.value, student?.box ?? null, phone?.value?.box ?? null)),
    };
  }

  async #search(image: SearchedImage, look: Look): Promise<void> {
    const wasPending = this.#objects.isPending;
    await this.#objects.run(image, look);
    if (this.#objects.isPending && !wasPending) this.#pixels.keepImage();
  }

  #faceReadings(student: FoundFace | null, frame: FramePixels, atMs: number, unknown: Unknown): FeatureReadings {
    if (student === null) {
      this.#eyes = null;
      this.#mouth.reset();
      for (const group of ['head', 'gaze', 'eyes', 'mouth'] as const) unknown[group] = 'no_face';
      return {};
    }
    const face = readFace(student, frame, this.#options.horizontalFovDeg ?? defaultHorizontalFovDeg);
    const { mouth_open: openness } = face.readings;
    const moving = typeof openness === 'number' ? this.#mouth.update(openness, atMs) : null;
    if (moving !== null) face.readings.mouth_moving = moving ? 1 : 0;
    if (typeof face.readings.eye_open_left === 'number') {
      const blinks = this.#blinks.update(face.unknown.gaze === 'eyes_closed', atMs);
      if (blinks !== null) face.readings.blink_rate_per_min = Math.round(blinks);
    }
    // For a face that is cut off or too small, earlier eye readings no longer apply, and neither does their reason.
    if (face.unknown.head !== undefined) this.#eyes = null;
    else if (student.hasIrises)
      this.#eyes = { value: { readings: eyesOf(face.readings), unknown: face.unknown }, atMs };
    const eyes = this.#eyes !== null && atMs - this.#eyes.atMs <= this.#pacer.freshForMs('irises') ? this.#eyes : null;
    Object.assign(unknown, eyes === null ? face.unknown : eyes.value.unknown);
    return { ...face.readings, ...eyes?.value.readings };
  }
}

/** A face's readings that need irises, reused until these are read again. */
const eyesOf = ({
  eye_open_left,
  eye_open_right,
  gaze_direction,
  blink_rate_per_min,
}: FeatureReadings): FeatureReadings => ({
  ...(eye_open_left === undefined ? {} : { eye_open_left }),
  ...(eye_open_right === undefined ? {} : { eye_open_right }),
  ...(gaze_direction === undefined ? {} : { gaze_direction }),
  ...(blink_rate_per_min === undefined ? {} : { blink_rate_per_min }),
});
