import type { ComponentChildren } from 'preact';
import { frameTexts } from './frame-texts.ts';

interface PageFrameProps {
  here: 'start' | 'camera' | 'check' | 'exam' | 'proctor' | 'report' | 'review' | 'setup';
  /** Wide pages use the whole column. */
  wide?: boolean;
  /** A student came by a personal link or reads their own report: other pages are of no use to them. */
  isLinked?: boolean;
  /** After the navigation. */
  corner?: ComponentChildren;
  children: ComponentChildren;
}

const links = [
  { name: 'start', href: '/' },
  { name: 'check', href: '/check/' },
  { name: 'exam', href: '/exam/' },
  { name: 'proctor', href: '/proctor/' },
] as const;

const classOf = (here: PageFrameProps['here'], isWide: boolean, isLinked: boolean): string => {
  const hasViews = isLinked || here === 'camera' || here === 'check' || here === 'exam' || here === 'report';
  return ['content', isWide ? '' : 'narrow', hasViews ? 'steady' : ''].filter((name) => name !== '').join(' ');
};

/** The frame of every page: a skip link, the navigation, the content, and who decides. */
export const PageFrame = ({ here, wide = false, isLinked = false, corner, children }: PageFrameProps) => (
  <>
    <a class="skip" href="#content">
      {frameTexts.skip}
    </a>
    <header class="top">
      <a class="mark" href="/">
        <img src="/icon.svg" alt="" width="26" height="26" />
        Invigil
      </a>
      {here === 'exam' || here === 'camera' || isLinked ? null : (
        <nav aria-label={frameTexts.navigation}>
          {links.map(({ name, href }) => (
            <a key={name} href={href} aria-current={name === here ? 'page' : undefined}>
              {frameTexts.pages[name]}
            </a>
          ))}
        </nav>
      )}
      {corner}
    </header>
    <main id="content" class={classOf(here, wide, isLinked)} tabIndex={-1}>
      {children}
    </main>
    <footer class="foot">
      <p>{frameTexts.foot}</p>
    </footer>
  </>
);
