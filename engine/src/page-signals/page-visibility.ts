/** 1 while the page is hidden (another tab, a minimised window), as in feature frames. */
export const pageHidden = (): 0 | 1 => (document.visibilityState === 'hidden' ? 1 : 0);
