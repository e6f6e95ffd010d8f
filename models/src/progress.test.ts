import { expect, test } from 'vitest';
import { createProgress, trackDownloads } from './progress.ts';

test('shows the downloads of several packages as one, up to 100 %', () => {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  const startDownload = trackDownloads(createProgress(stream), 100_000_000);
  for (const sizeBytes of [70_000_000, 30_000_000]) {
    const onProgress = startDownload(sizeBytes);
    onProgress(0);
    onProgress(sizeBytes / 2);
    onProgress(sizeBytes);
  }
  expect(lines).toEqual(
    ['0% | 0.0', '35% | 35.0', '70% | 70.0', '85% | 85.0', '100% | 100.0'].map(
      (done) => `Model weights ${done} of 100.0 MB\n`,
    ),
  );
});
