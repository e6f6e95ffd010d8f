const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

export const code = (text: string | number): string => `\`${text}\``;

/** The line that tells readers of a generated page where its content comes from. */
export const generatedFrom = (sources: string): string =>
  `Generated from ${sources} by \`npm run docs\`. Do not edit this page.`;
