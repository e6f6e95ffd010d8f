import cliProgress from 'cli-progress';

export interface Progress {
  update: (totalBytes: number, doneBytes: number) => void;
  stop: () => void;
  say: (line: string) => void;
}

const megabyte = 1_000_000;
const lineEveryPercent = 10;

const megabytes = (bytes: number) => (bytes / megabyte).toFixed(1);

export const silentProgress: Progress = { update() {}, stop() {}, say() {} };

/**
 * Shows downloads that follow each other as one.
 *
 * @param totalBytes of all downloads
 * @returns starts the next download; the function it returns takes that download's bytes so far
 */
export const trackDownloads = (progress: Progress, totalBytes: number) => {
  let earlierBytes = 0;
  return (sizeBytes: number): ((doneBytes: number) => void) => {
    const startBytes = earlierBytes;
    earlierBytes += sizeBytes;
    return (doneBytes) => progress.update(totalBytes, startBytes + doneBytes);
  };
};

/** A bar on a terminal, a line every ten percent elsewhere. */
export const createProgress = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY ? createBar(stream) : createLines(stream);

const createBar = (stream: NodeJS.WriteStream): Progress => {
  let bar: cliProgress.SingleBar | null = null;
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
};

const createLines = (stream: NodeJS.WriteStream): Progress => {
  let nextPercent = 0;
  return {
    update(totalBytes, doneBytes) {
      const percent = Math.floor((doneBytes / totalBytes) * 100);
      if (percent < nextPercent) return;
      nextPercent = percent - (percent % lineEveryPercent) + lineEveryPercent;
      stream.write(`Model weights ${percent}% | ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB\n`);
    },
    stop() {
      nextPercent = 0;
    },
    say: (line) => void stream.write(`${line}\n`),
  };
};
