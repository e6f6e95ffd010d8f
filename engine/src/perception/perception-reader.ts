import type { ReadingGroup, UnknownReason } from '@invigil/protocol';
import { DetectorPacer, type PacedDetector } from './detector-pacer.ts';
import type { Detectors } from './detectors.ts';
import { FaceFinder, type FoundFace } from './face-finder.ts';
import { readFace, rounded } from './face-readings.ts';
import type { FeatureReadings } from './feature-readings.ts';
import { FramePixelReader, type FramePixels } from './frame-pixels.ts';
import { FrozenFeedDetector } from './frozen-feed.ts';
import type { DetectedHand } from './hand-detector.ts';
import { DEFAULT_HORIZONTAL_FOV_DEG } from './head-pose.ts';
import { measureImageQuality } from './image-quality.ts';
import { intersectionOverUnion, overlapOfSmaller, type BoxPx } from './landmark.ts';
import { MouthMovement } from './mouth-movement.ts';
import type { PerceptionOptions } from './options.ts';
import type { DetectedPhone } from './phone-detector.ts';
import { PhoneFinder } from './phone-finder.ts';
import { StillFaces } from './still-faces.ts';

/** A result that is held until the detector runs again, while it is fresh. */
interface Held<T> {
  value: T;
  atMs: number;
}

type Unknown = Partial<Record<ReadingGroup, UnknownReason>>;

/** Turns images into feature readings: decides what runs on which image, and says what is not known. */
export class PerceptionReader {
  readonly #detectors: Detectors;
  readonly #options: PerceptionOptions;
  readonly #pixels = new FramePixelReader();
  readonly #faces: FaceFinder;
  readonly #frozen = new FrozenFeedDetector();
  readonly #stillFaces = new StillFaces();
  readonly #mouth = new MouthMovement();
  readonly #pacer: DetectorPacer;
  readonly #phones: PhoneFinder<OffscreenCanvas> | null;
  #phone: Held<DetectedPhone | null> | null = null;
  #hands: Held<DetectedHand[]> | null = null;
  #gaze: Held<{ readings: FeatureReadings; unknown: Unknown }> | null = null;
  #costMs: { face: number | null; phone: number | null; hands: number | null } = {
    face: null,
    phone: null,
    hands: null,
  };

  constructor(detectors: Detectors, options: PerceptionOptions) {
    this.#detectors = detectors;
    this.#options = options;
    this.#faces = new FaceFinder(detectors.faces);
    this.#phones = detectors.phones.available ? new PhoneFinder(detectors.phones.detector) : null;
    this.#pacer = new DetectorPacer(options.budget);
  }

  /** Runs every model once, so that the first frame does not wait for what only a first run needs. */
  async warmUp(): Promise<void> {
    const { width, height } = WARM_UP_SIZE;
    const frame = this.#pixels.read(await createImageBitmap(new ImageData(width, height)));
    await this.#detectors.faces.warmUp(frame.tensor);
    await this.#phones?.find(frame.image);
    if (this.#detectors.hands.available) await this.#detectors.hands.detector.warmUp(frame.image);
    frame.tensor.dispose();
    this.#forget();
  }

  /** One image of a stream. @param atMs when it was taken, on a clock that never goes back. */
  async read(image: ImageBitmap | VideoFrame, atMs: number): Promise<FeatureReadings> {
    return this.#readWith(image, atMs, this.#pacer.due(atMs), false);
  }

  /** One picture by itself: every detector, nothing remembered from before or for later. */
  async readStill(image: ImageBitmap | VideoFrame): Promise<FeatureReadings> {
    this.#forget();
    const readings = await this.#readWith(image, 0, new Set(['irises', 'phone', 'hands']), true);
    this.#forget();
    return readings;
  }

  #forget(): void {
    this.#faces.reset();
    this.#frozen.reset();
    this.#stillFaces.reset();
    this.#mouth.reset();
    this.#phones?.reset();
    this.#phone = null;
    this.#hands = null;
    this.#gaze = null;
  }

  async #readWith(
    image: ImageBitmap | VideoFrame,
    atMs: number,
    due: Set<PacedDetector>,
    still: boolean,
  ): Promise<FeatureReadings> {
    const from = performance.now();
    const frame = this.#pixels.read(image);
    try {
      const quality = measureImageQuality(frame.luma, frame);
      const frozen = this.#frozen.update(frame.luma, atMs);
      const faces = await this.#faces.find(frame, {
        withIrises: due.has('irises'),
        thorough: still,
        maxFaces: this.#options.maxFaces,
      });
      const faceMs = performance.now() - from;
      this.#costMs.face = faceMs;
      this.#pacer.frameRead(atMs, faceMs, faces[0]?.hasIrises ?? false);

      const obstructed = quality.obstructed && faces.length === 0;
      const readings: FeatureReadings = {
        image_brightness: rounded(quality.brightness, 3),
        image_contrast: rounded(quality.contrast, 3),
        image_sharpness: rounded(quality.sharpness, 3),
        image_obstructed: obstructed ? 1 : 0,
        image_frozen: frozen.frozen && !obstructed ? 1 : 0,
        image_frozen_for_ms: Math.round(frozen.forMs),
        image_width: frame.width,
        image_height: frame.height,
      };
      const unseen = obstructed ? 'obstructed' : frozen.frozen ? 'frozen' : null;
      const unknown: Unknown = unseen === null ? {} : nothingKnown(unseen);
      if (unseen === null) {
        await this.#runDue(frame, atMs, due);
        Object.assign(
          readings,
          this.#faceFields(faces, frame, atMs, unknown),
          this.#objectFields(faces, atMs, still, unknown),
        );
      } else {
        Object.assign(readings, ALL_UNKNOWN);
      }
      return { ...readings, ...this.#engineFields(performance.now() - from), unknown };
    } finally {
      frame.tensor.dispose();
      image.close();
    }
  }

  async #runDue(frame: FramePixels, atMs: number, due: Set<PacedDetector>): Promise<void> {
    const { image } = frame;
    const { hands } = this.#detectors;
    if (due.has('phone') && this.#phones !== null) {
      const from = performance.now();
      this.#phone = { value: await this.#phones.find(image), atMs };
      this.#costMs.phone = performance.now() - from;
      this.#pacer.ran('phone', atMs, this.#costMs.phone);
    }
    if (due.has('hands') && hands.available) {
      const from = performance.now();
      this.#hands = { value: await hands.detector.detect(image), atMs };
      this.#costMs.hands = performance.now() - from;
      this.#pacer.ran('hands', atMs, this.#costMs.hands);
    }
  }

  #faceFields(faces: readonly FoundFace[], frame: FramePixels, atMs: number, unknown: Unknown): FeatureReadings {
    const stillFaces = this.#stillFaces.update(
      faces.map(({ box }) => box),
      atMs,
    );
    const counted: FeatureReadings = {
      face_present: faces.length > 0 ? 1 : 0,
      no_of_face: faces.length - stillFaces,
      still_faces: stillFaces,
    };
    const [student] = faces;
    if (student === undefined) {
      this.#gaze = null;
      this.#mouth.reset();
      for (const group of ['head', 'gaze', 'eyes', 'mouth'] as const) unknown[group] = 'no_face';
      return counted;
    }
    const face = readFace(student, frame, this.#options.horizontalFovDeg ?? DEFAULT_HORIZONTAL_FOV_DEG);
    const { mouth_open: openness } = face.readings;
    const moving = typeof openness === 'number' ? this.#mouth.update(openness, atMs) : null;
    if (moving !== null) face.readings.mouth_moving = moving ? 1 : 0;
    if (student.hasIrises) {
      this.#gaze = { value: { readings: eyeReadings(face.readings), unknown: face.unknown }, atMs };
    }
    const held = this.#gaze;
    const isFresh = held !== null && atMs - held.atMs <= this.#pacer.freshForMs('irises');
    if (!student.hasIrises && isFresh) {
      Object.assign(unknown, held.value.unknown);
      return { ...counted, ...face.readings, ...held.value.readings };
    }
    Object.assign(unknown, face.unknown);
    return { ...counted, ...face.readings };
  }

  #objectFields(faces: readonly FoundFace[], atMs: number, still: boolean, unknown: Unknown): FeatureReadings {
    const phone = this.#fresh(this.#phone, 'phone', atMs, still);
    const hands = this.#fresh(this.#hands, 'hands', atMs, still);
    if (phone === null) unknown.phone = this.#detectors.phones.available ? 'not_due' : 'model_missing';
    if (hands === null) unknown.hands = this.#detectors.hands.available ? 'not_due' : 'model_missing';
    return {
      ...(phone === null ? { phone_present: null } : phoneFields(phone.value)),
      ...(hands === null
        ? { hand_count: null }
        : handFields(hands.value, faces[0]?.box ?? null, phone?.value?.box ?? null)),
    };
  }

  #fresh<T>(held: Held<T> | null, detector: PacedDetector, atMs: number, still: boolean): Held<T> | null {
    return held !== null && (still || atMs - held.atMs <= this.#pacer.freshForMs(detector)) ? held : null;
  }

  #engineFields(latencyMs: number): FeatureReadings {
    const ms = (value: number | null): number | null => (value === null ? null : rounded(value, 1));
    return {
      engine_backend: this.#detectors.choice.backend,
      engine_latency_ms: ms(latencyMs),
      engine_face_ms: ms(this.#costMs.face),
      engine_object_ms: ms(this.#costMs.phone),
      engine_hand_ms: ms(this.#costMs.hands),
      engine_object_hz: rounded(this.#pacer.rateHz('phone'), 2),
      engine_hand_hz: rounded(this.#pacer.rateHz('hands'), 2),
      engine_load: rounded(this.#pacer.load(), 3),
    };
  }
}

const WARM_UP_SIZE = { width: 640, height: 480 };

const ALL_UNKNOWN: FeatureReadings = { face_present: null, no_of_face: null, phone_present: null, hand_count: null };

function nothingKnown(reason: UnknownReason): Unknown {
  return { face: reason, head: reason, gaze: reason, eyes: reason, mouth: reason, phone: reason, hands: reason };
}

function eyeReadings({ eye_open_left, eye_open_right, gaze_direction }: FeatureReadings): FeatureReadings {
  return {
    ...(eye_open_left === undefined ? {} : { eye_open_left }),
    ...(eye_open_right === undefined ? {} : { eye_open_right }),
    ...(gaze_direction === undefined ? {} : { gaze_direction }),
  };
}

function phoneFields(phone: DetectedPhone | null): FeatureReadings {
  if (phone === null) return { phone_present: 0 };
  const { x, y, width, height } = phone.box;
  return {
    phone_present: 1,
    phone_conf: rounded(phone.score * 100, 1),
    phone_x: rounded(x + width / 2, 1),
    phone_y: rounded(y + height / 2, 1),
    phone_w: rounded(width, 1),
    phone_h: rounded(height, 1),
  };
}

function handFields(hands: readonly DetectedHand[], face: BoxPx | null, phone: BoxPx | null): FeatureReadings {
  return {
    hand_count: hands.length,
    hand_near_face: face === null ? null : hands.some((hand) => intersectionOverUnion(hand.box, face) > 0.02) ? 1 : 0,
    hand_holding_object: phone !== null && hands.some((hand) => overlapOfSmaller(hand.box, phone) > 0.3) ? 1 : null,
  };
}
