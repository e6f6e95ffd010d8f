import { render } from 'preact';
import type { ComponentChild } from 'preact';
import { pageLanguage } from './language.ts';
import '../design/tokens.css';
import '../design/base.css';
import '../design/frame.css';
import '../design/controls.css';
import '../design/numbers.css';
import '../design/camera.css';

export const mount = (page: ComponentChild): void => {
  const place = document.getElementById('page');
  if (place === null) throw new Error('the page has no element #page');
  document.documentElement.lang = pageLanguage;
  render(page, place);
};
