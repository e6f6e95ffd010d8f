/** The three browser engines that tests drive. */
export type BrowserName = 'chromium' | 'firefox' | 'webkit';

export const browserNames: readonly BrowserName[] = ['chromium', 'firefox', 'webkit'];
