import { FeatureFrameSchema } from '@invigil/protocol/frame';
import { docComments } from './doc-comments.ts';
import { code, generatedFrom, table } from './markdown.ts';
import { valueText } from './value-text.ts';
import type { Schema } from './value-text.ts';

const source = 'protocol/src/frame/feature-entries.ts';

/** docs/reference/feature-frame.md */
export const featureFramePage = (): string => {
  const docs = docComments(source);
  docs.set('seq', 'Sequence number; with the session id it identifies the frame.');
  docs.set('timestamp', 'When the image was taken, on the server’s clock.');
  const entries: [string, Schema][] = Object.entries(FeatureFrameSchema.entries);
  const rows = entries.map(([name, schema]) => {
    const doc = docs.get(name);
    if (doc === undefined) throw new Error(`${source}: ${name} has no doc comment`);
    return [code(name), valueText(schema), doc];
  });
  return `# Feature frame

${generatedFrom(code(source))}

A feature frame contains the numbers read from one webcam image. All fields except \`seq\` and \`timestamp\` are optional. Unknown is \`null\`
or absent, never 0 or \`center\`; \`unknown\` gives the reason. Flags are 0 or 1. Boxes are in camera pixels, origin top left, x to the image's right. Unknown fields are dropped.
[Camera readings](perception.md) and [page and engine readings](page-and-engine.md) explain how the engine determines the values.

${table(['field', 'value', 'meaning'], rows)}
`;
};
