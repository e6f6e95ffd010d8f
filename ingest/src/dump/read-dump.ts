import { open } from 'node:fs/promises';
import type { StoredFrame } from '@invigil/protocol/frame';
import { parseDump } from './analyze-dump.ts';
import { parseDumpFrame } from './dump-frames.ts';
import type { FramesDump } from './frames-dump.ts';
import { nullIfAbsent } from './null-if-absent.ts';

const beginOfFrames = '"frames":[';

/**
 * Reads a dump that this server wrote (`writeDump`: one frame per line), for a thread: it does not yield to the event loop. Line by line,
 * because the text of a very long session would exceed the length of a string. Null if the file does not exist, for example because the
 * student was erased in the meantime. Throws `not_a_dump` for any other file.
 */
export const readDump = async (path: string): Promise<FramesDump | null> => {
  const file = await open(path).catch(nullIfAbsent);
  if (file === null) return null;
  try {
    const frames: StoredFrame[] = [];
    const rest: string[] = [];
    let isFrame = false;
    for await (const line of file.readLines()) {
      if (isFrame && line.startsWith('{')) {
        frames.push(parseDumpFrame(line));
      } else {
        isFrame = line.endsWith(beginOfFrames);
        rest.push(line);
      }
    }
    const dump = parseDump(rest.join('\n'));
    return frames.length === 0 ? dump : { ...dump, frames };
  } finally {
    await file.close();
  }
};
