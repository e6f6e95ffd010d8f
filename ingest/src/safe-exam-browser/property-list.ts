import type { SebSettings, SebValue } from './config-key.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (character) => escapes[character] ?? character);

const elementOf = (value: SebValue): string => {
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (Array.isArray(value)) return `<array>${value.map(elementOf).join('')}</array>`;
  return `<dict>${Object.entries(value)
    .map(([key, each]) => `<key>${escaped(key)}</key>${elementOf(each)}`)
    .join('')}</dict>`;
};

/** A `.seb` file without encryption: an XML property list. https://safeexambrowser.org/developer/seb-file-format.html */
export const propertyList = (settings: SebSettings): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<plist version="1.0">${elementOf(settings)}</plist>`,
    '',
  ].join('\n');
