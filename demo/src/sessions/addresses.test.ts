// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import { reportAddress, viewerInAddress } from '../report/report-viewer.ts';
import { examInAddress, examPath, studentPath } from './exam-in-address.ts';
import { noteSessionInAddress, sessionInAddress, withSession } from './session-in-address.ts';
import { rememberToken, tokenOf } from './session-token.ts';

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});

describe('the session in the address', () => {
  test.each([
    ['?session=abc-1', 'abc-1'],
    ['', null],
    ['?session=', null],
    ['?session=no%20spaces', null],
    ['?session=..%2Fetc', null],
  ])('%s is %s', (query, id) => {
    history.replaceState(null, '', `/exam/${query}`);
    expect(sessionInAddress()).toBe(id);
  });

  test('is set without leaving the page, so that a reload finds it', () => {
    history.replaceState(null, '', '/exam/');
    noteSessionInAddress('abc');
    expect([location.pathname, sessionInAddress()]).toEqual(['/exam/', 'abc']);
  });

  test('is left out of a link if there is none', () => {
    expect(withSession('/check/', null)).toBe('/check/');
    expect(withSession('/check/', 'a@b')).toBe('/check/?session=a%40b');
  });
});

describe('the exam in the address', () => {
  test('is read back from the links that are made for it', () => {
    for (const path of [examPath('physics-1'), studentPath('physics-1')]) {
      history.replaceState(null, '', path);
      expect(examInAddress()).toBe('physics-1');
    }
  });

  test('is null if it is not an id', () => {
    history.replaceState(null, '', '/?exam=%3Cscript%3E');
    expect(examInAddress()).toBeNull();
  });
});

describe('the viewer of a report', () => {
  test('is the one that the address names', () => {
    history.replaceState(null, '', '/report/?session=s&as=student');
    expect(viewerInAddress('s')).toBe('student');
    history.replaceState(null, '', '/report/?session=s&as=staff');
    rememberToken('s', 'token');
    expect(viewerInAddress('s')).toBe('staff');
  });

  test('is otherwise the student in the tab that took the exam, and staff in any other', () => {
    history.replaceState(null, '', '/report/?session=s&as=somebody');
    expect(viewerInAddress('s')).toBe('staff');
    expect(viewerInAddress(null)).toBe('staff');
    rememberToken('s', 'token');
    expect(tokenOf('other')).toBeNull();
    expect(viewerInAddress('s')).toBe('student');
  });

  test('is part of a shared link, but a token never is', () => {
    rememberToken('s', 'secret');
    expect(reportAddress('s', 'student')).toMatch(/\/report\/\?session=s&as=student$/);
  });
});
