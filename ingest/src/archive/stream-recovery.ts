import { LRUCache } from 'lru-cache';
import { messagesBefore } from '../frames/frame-store.ts';
import type { StreamState } from '../frames/frame-store.ts';
import type { HotFrameStore } from '../frames/hot-frame-store.ts';
import { archivedStream } from './block-line.ts';
import type { FrameArchive } from './frame-archive.ts';

/** What the records keep of a session's frames, to find out that the frame store lost some. */
export interface RecordedFrames {
  /** Frames that the store had at the last checkpoint, and whether the session is old enough to have blocks. */
  find(sessionId: string): Promise<{ frames: number; mayHaveBlocks: boolean }>;
  /** The store has lost all but some of the frames that `find` returned. @param left frames that are in the store and the archive, and their chain */
  lost(sessionId: string, frames: number, left: Pick<StreamState, 'frames' | 'chain'>): Promise<void>;
}

export interface StreamRecoveryOptions {
  hot: HotFrameStore;
  archive: FrameArchive;
  recorded: RecordedFrames;
  /** Called when a stream was continued. */
  onResumed: (sessionId: string) => void;
}

/** Far above the number of sessions in one process. */
const maxKnown = 20_000;

/** Finds out whether the frame store lost a session's frames, and continues its stream after those in the archive. */
export class StreamRecovery {
  readonly #options: StreamRecoveryOptions;
  /** In which epoch of the store a session's frames were found complete. */
  readonly #epochs = new LRUCache<string, number>({ max: maxKnown });
  readonly #running = new Map<string, { epoch: number; done: Promise<boolean> }>();

  constructor(options: StreamRecoveryOptions) {
    this.#options = options;
  }

  /** Whether the session's frames were found complete, and the store has not been unreachable since. */
  isComplete(sessionId: string): boolean {
    return this.#epochs.get(sessionId) === this.#options.hot.epoch();
  }

  /** Before a session is written to: whether its stream was lost, and now continues after its archived frames. */
  async complete(sessionId: string): Promise<boolean> {
    const epoch = this.#options.hot.epoch();
    const isResumed = await this.shared(sessionId);
    this.#epochs.set(sessionId, epoch);
    return isResumed;
  }

  /** As `now`. Messages that arrive meanwhile wait for the same recovery. */
  shared(sessionId: string): Promise<boolean> {
    const epoch = this.#options.hot.epoch();
    const running = this.#running.get(sessionId);
    if (running?.epoch === epoch) return running.done;
    const done = this.now(sessionId).finally(() => {
      if (this.#running.get(sessionId)?.done === done) this.#running.delete(sessionId);
    });
    this.#running.set(sessionId, { epoch, done });
    return done;
  }

  /**
   * Compares the store with the records. If the store has lost frames, the stream continues after those in the archive, and the others are recorded as lost.
   * Must come before the next frame is stored: it would begin the stream again. @returns whether it was continued
   */
  async now(sessionId: string): Promise<boolean> {
    const { hot, archive, recorded, onResumed } = this.#options;
    // In this order: the store never has fewer frames than were recorded before, unless it lost some.
    const { frames, mayHaveBlocks } = await recorded.find(sessionId);
    const state = await hot.stateOf(sessionId);
    const isEmpty = messagesBefore(state.arrivals) === 0;
    if (frames <= state.frames && !(isEmpty && mayHaveBlocks)) return false;
    const listed = archive.list(sessionId);
    // Without a checkpoint there is hardly a block, and a session must be able to begin while the archive is unavailable.
    const archived = archivedStream(await (frames > 0 ? listed : listed.catch(() => [])));
    const isResumed = archived !== null && (await hot.resume(sessionId, archived));
    if (isResumed) onResumed(sessionId);
    const left = await hot.stateOf(sessionId);
    if (left.frames < frames && !left.isSealed) await recorded.lost(sessionId, frames, left);
    return isResumed;
  }

  forget(sessionId: string): void {
    this.#epochs.delete(sessionId);
  }
}
