import { defineScript } from 'redis';
import type { CommandParser } from '@redis/client';

/** A script whose keys and arguments are lists of text, and whose reply is one as well. */
export const frameScript = (SCRIPT: string) =>
  defineScript({
    SCRIPT,
    parseCommand(parser: CommandParser, keys: string[], words: string[]) {
      parser.pushKeysLength(keys);
      parser.push(...words);
    },
    transformReply: (reply: unknown): string[] => reply as string[],
  });
