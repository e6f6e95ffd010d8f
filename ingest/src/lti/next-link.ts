/**
 * The address of the next page in a Link header (RFC 8288), or null if this is the last one.
 *
 * @example nextLink('<https://lms.example/members?page=2>; rel="next"', url) // 'https://lms.example/members?page=2'
 */
export const nextLink = (header: string | null, base: string): string | null => {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^;,\s]+))/i.exec(parameters);
    const names = (relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next') && URL.canParse(target, base)) return new URL(target, base).href;
  }
  return null;
};
