import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ExamPolicy } from '@invigil/protocol/channels';
import { configKeyOf, keyHash } from './config-key.ts';
import { examConfiguration } from './exam-configuration.ts';

/** How a page passes on what it reads from `SafeExamBrowser.security`, where Safe Exam Browser adds no headers of its own. */
export const pageHeaders = {
  url: 'x-invigil-seb-url',
  configKeyHash: 'x-invigil-seb-config-key-hash',
  browserExamKeyHash: 'x-invigil-seb-browser-exam-key-hash',
} as const;

/** `other_browser`: no hash at all. `other_configuration`, `other_version`: a hash of another Config Key or Browser Exam Key. */
export type BrowserVerdict = 'verified' | 'other_browser' | 'other_configuration' | 'other_version';

interface ClaimedKeys {
  url: string;
  configKeyHash: string;
  browserExamKeyHash: string;
}

export interface BrowserRequest {
  headers: IncomingHttpHeaders;
  /** The address of the request, as the browser has it. */
  url: string;
  /** Of this server, as the browser has it; its pages may report hashes of their own address. */
  origin: string;
  /** Other origins whose pages may do so. */
  pageOrigins: readonly string[];
}

const textOf = (header: string | string[] | undefined): string => (typeof header === 'string' ? header : '');

const claimsOf = ({ headers, url, origin, pageOrigins }: BrowserRequest): ClaimedKeys[] => {
  const pageUrl = textOf(headers[pageHeaders.url]);
  const isOurs = URL.canParse(pageUrl) && [origin, ...pageOrigins].includes(new URL(pageUrl).origin);
  const claims = [
    {
      url,
      configKeyHash: textOf(headers['x-safeexambrowser-configkeyhash']),
      browserExamKeyHash: textOf(headers['x-safeexambrowser-requesthash']),
    },
    {
      url: isOurs ? pageUrl : '',
      configKeyHash: textOf(headers[pageHeaders.configKeyHash]),
      browserExamKeyHash: textOf(headers[pageHeaders.browserExamKeyHash]),
    },
  ];
  return claims.filter(({ url: of, configKeyHash }) => of !== '' && configKeyHash !== '');
};

const isHashOf = (hash: string, url: string, keys: readonly string[]): boolean =>
  keys.some((key) => {
    const [given, expected] = [Buffer.from(hash.toLowerCase()), Buffer.from(keyHash(url, key.toLowerCase()))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  });

/**
 * Whether a request comes from Safe Exam Browser with a configuration that the exam accepts. The hashes show which configuration the
 * browser has loaded; a student who knows a key can make them up elsewhere (docs/guide/safe-exam-browser.md).
 */
export const checkBrowser = (
  request: BrowserRequest,
  examId: string,
  required: NonNullable<ExamPolicy['safe_exam_browser']>,
): BrowserVerdict => {
  const configKeys = [configKeyOf(examConfiguration(request.origin, examId)), ...required.config_keys];
  const claims = claimsOf(request);
  if (claims.length === 0) return 'other_browser';
  const configured = claims.filter(({ url, configKeyHash }) => isHashOf(configKeyHash, url, configKeys));
  if (configured.length === 0) return 'other_configuration';
  const { browser_exam_keys: examKeys } = required;
  const isVersion =
    examKeys.length === 0 || configured.some((each) => isHashOf(each.browserExamKeyHash, each.url, examKeys));
  return isVersion ? 'verified' : 'other_version';
};
