import type { FileHandle } from 'node:fs/promises';

/** Lines of a dump (`writeDump`) that hold the server's analysis rather than what the student's page sent. */
const context = '"context":';
const folded = '"folded":';
/** Lines passed on together. */
const linesPerPiece = 500;

/**
 * The text of a dump without alerts, other sessions, running analysis and amendments, for a reader who may not see the report. It is a valid
 * dump, from which a report without those can be made. Closes the file.
 */
export const dumpReadings = async function* (source: FileHandle): AsyncGenerator<string> {
  try {
    let lines: string[] = [];
    for await (const line of source.readLines({ autoClose: false })) {
      // Amendments follow the analysis.
      if (line.startsWith(folded)) return yield `${[...lines, `${folded}null}`].join('\n')}\n`;
      lines.push(line.startsWith(context) ? `${context}null,` : line);
      if (lines.length < linesPerPiece) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
    yield lines.join('\n');
  } finally {
    await source.close();
  }
};
