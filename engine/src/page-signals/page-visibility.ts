/** 1 while the page cannot be seen (another tab, a minimised window), as feature frames say it. */
export const pageHidden = (): 0 | 1 => (document.visibilityState === 'hidden' ? 1 : 0);
