/** Title and version of both documents. */
export const description = (words: string) => ({ title: 'Invigil', version: '1.0.0', description: words });
