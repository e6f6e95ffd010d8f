/** What both documents say of themselves. */
export const description = (words: string) => ({ title: 'Invigil', version: '1.0.0', description: words });
