const barWidth = 30;
const lineEveryPercent = 10;

export interface Progress {
  update(done: number, total: number, note?: string): void;
  done(note?: string): void;
}

/** The progress of a step, on standard error: a bar on a terminal, a line every ten percent elsewhere. */
export const createProgress = (label: string, stream: NodeJS.WriteStream = process.stderr): Progress => {
  let nextPercent = 0;
  const line = (percent: number, note: string): void => {
    if (stream.isTTY) {
      const filled = Math.round((percent / 100) * barWidth);
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
      stream.write(`\r${label} ${bar} ${String(percent).padStart(3)} %  ${note}\u001B[K`);
      return;
    }
    if (percent < nextPercent) return;
    nextPercent = percent - (percent % lineEveryPercent) + lineEveryPercent;
    stream.write(`${label} ${percent} %  ${note}\n`);
  };
  return {
    update(done, total, note = '') {
      line(total <= 0 ? 0 : Math.min(100, Math.floor((done / total) * 100)), note);
    },
    done(note = '') {
      if (stream.isTTY) stream.write(`\r${label} ${note}\u001B[K\n`);
      else stream.write(`${label} ${note}\n`);
    },
  };
};
