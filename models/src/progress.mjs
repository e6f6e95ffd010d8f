import cliProgress from 'cli-progress';

/**
 * @typedef {object} Progress
 * @property {(totalBytes: number, doneBytes: number) => void} update
 * @property {() => void} stop
 * @property {(line: string) => void} say
 */

const MEGABYTE = 1_000_000;
const LINE_EVERY_PERCENT = 10;

const megabytes = (/** @type {number} */ bytes) => (bytes / MEGABYTE).toFixed(1);

/** @type {Progress} */
export const silentProgress = { update() {}, stop() {}, say() {} };

/**
 * A bar on a terminal, a line every ten percent elsewhere.
 * @param {NodeJS.WriteStream} stream
 * @returns {Progress}
 */
export function createProgress(stream) {
  return stream.isTTY ? createBar(stream) : createLines(stream);
}

/**
 * @param {NodeJS.WriteStream} stream
 * @returns {Progress}
 */
function createBar(stream) {
  /** @type {cliProgress.SingleBar | null} */
  let bar = null;
  return {
    update(totalBytes, doneBytes) {
      if (bar === null) {
        bar = new cliProgress.SingleBar({
          stream,
          format: 'Model weights {bar} {percentage}% | {done} of {total_mb} MB | {eta_formatted} left',
          barCompleteChar: '█',
          barIncompleteChar: '░',
        });
        bar.start(totalBytes, doneBytes, {
          done: megabytes(doneBytes),
          total_mb: megabytes(totalBytes),
        });
      }
      bar.update(doneBytes, { done: megabytes(doneBytes) });
    },
    stop() {
      bar?.stop();
      bar = null;
    },
    say(line) {
      this.stop();
      stream.write(`${line}\n`);
    },
  };
}

/**
 * @param {NodeJS.WriteStream} stream
 * @returns {Progress}
 */
function createLines(stream) {
  let nextPercent = 0;
  return {
    update(totalBytes, doneBytes) {
      const percent = Math.floor((doneBytes / totalBytes) * 100);
      if (percent < nextPercent) return;
      nextPercent = percent - (percent % LINE_EVERY_PERCENT) + LINE_EVERY_PERCENT;
      stream.write(`Model weights ${percent}% | ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB\n`);
    },
    stop() {
      nextPercent = 0;
    },
    say: (line) => void stream.write(`${line}\n`),
  };
}
