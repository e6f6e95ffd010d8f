import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '@invigil/testkit/repository';

/**
 * The doc comment before each key of an object literal, or each string of a list, of a source file.
 *
 * @returns text by name; names without a comment are absent.
 */
export const docComments = (file: string): Map<string, string> => {
  const source = readFileSync(join(repositoryFolder, file), 'utf8');
  const entries = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*'?(\w+)'?[,:]/g);
  return new Map([...entries].map(([, text = '', name = '']) => [name, text.replaceAll(/\s*\n\s*\* ?/g, ' ').trim()]));
};
