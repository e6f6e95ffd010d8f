import { listCameras } from './camera-devices.ts';
import { cameraKind } from './camera-kind.ts';
import type { CameraKind } from './camera-kind.ts';

/** A camera that the student can choose. */
export interface CameraChoice {
  /** For `chooseCamera`. Browsers change it when a camera is plugged in again. */
  deviceId: string;
  /** The camera's name, as the browser shows it. */
  label: string;
  /** What the name suggests. */
  kind: CameraKind;
}

/** The cameras of this device, and which one is in use. */
export interface Cameras {
  /** Null if the browser does not list cameras. Empty until the student has allowed a camera, because cameras have no names until then. */
  choices: readonly CameraChoice[] | null;
  /** `deviceId` of the open camera; null while none is open. */
  usedId: string | null;
}

export const noCameras: Cameras = { choices: null, usedId: null };

/** The list of cameras, which changes when one is plugged in, unplugged or allowed. */
export class CameraList {
  #cameras = noCameras;
  #count: number | null = null;
  readonly #onChange: (cameras: Cameras) => void;
  readonly #closed = new AbortController();

  constructor(onChange: (cameras: Cameras) => void) {
    this.#onChange = onChange;
    const { signal } = this.#closed;
    const read = (): void => void this.read(this.#cameras.usedId);
    (navigator as Partial<Navigator>).mediaDevices?.addEventListener?.('devicechange', read, { signal });
  }

  get cameras(): Cameras {
    return this.#cameras;
  }

  /** Video inputs, with or without a name; null if the browser does not list them. */
  get count(): number | null {
    return this.#count;
  }

  /** Asks the browser again. @param usedId the open camera; null if none is. */
  async read(usedId: string | null): Promise<void> {
    const devices = (navigator as Partial<Navigator>).mediaDevices === undefined ? null : await listCameras();
    if (this.#closed.signal.aborted) return;
    this.#count = devices?.length ?? null;
    const named = devices?.filter(({ label }) => label !== '') ?? null;
    const choices = named?.map(({ deviceId, label }) => ({ deviceId, label, kind: cameraKind(label) })) ?? null;
    const isSame = JSON.stringify({ choices, usedId }) === JSON.stringify(this.#cameras);
    this.#cameras = { choices, usedId };
    if (!isSame) this.#onChange(this.#cameras);
  }

  close(): void {
    this.#closed.abort();
  }
}
