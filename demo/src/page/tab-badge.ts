import { useEffect } from 'preact/hooks';

const maxShown = 99;

const badgeIcon = (text: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#8a5300"/>` +
      `<text x="16" y="22" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="${text.length > 2 ? 13 : 18}" fill="#fff">${text}</text></svg>`,
  )}`;

/** Shows a number in the tab's title and icon while it is not 0, for a page that works in the background. */
export const useTabBadge = (count: number): void => {
  useEffect(() => {
    if (count === 0) return undefined;
    const { title } = document;
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    const address = icon?.getAttribute('href') ?? null;
    document.title = `(${count}) ${title}`;
    icon?.setAttribute('href', badgeIcon(count > maxShown ? `${maxShown}+` : String(count)));
    return () => {
      document.title = title;
      if (address !== null) icon?.setAttribute('href', address);
    };
  }, [count]);
};
