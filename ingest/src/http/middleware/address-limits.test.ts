import { BlockList } from 'node:net';
import type { Request, Response } from 'express';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problemOf } from '../../../test/problem-of.ts';
import { ClientAddresses } from '../../network/client-addresses.ts';
import { AddressLimits } from './address-limits.ts';

let waitMs: number | null;
let spent: string[];
let limits: AddressLimits;
beforeEach(() => {
  vi.useFakeTimers();
  [waitMs, spent] = [null, []];
  const trusted = new BlockList();
  trusted.addAddress('10.0.0.1');
  limits = new AddressLimits(new ClientAddresses(trusted), {
    spend(limit, key) {
      spent.push(`${limit} ${key}`);
      return waitMs;
    },
    refused: () => undefined,
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const requestFrom = (remoteAddress: string, url = '/api/v1/exams') => {
  const socket = {
    remoteAddress,
    destroyed: false,
    destroy() {
      socket.destroyed = true;
    },
  };
  return { url, headers: {}, socket } as unknown as Request;
};
const check = (request: Request): number => {
  let passed = 0;
  void limits.check(request, {} as Response, () => (passed += 1));
  return passed;
};

describe('a request', () => {
  test('within its address’s rate passes', () => {
    expect(check(requestFrom('203.0.113.7'))).toBe(1);
    expect(spent).toEqual(['addressRequests 203.0.113.7']);
  });

  test('beyond the rate is refused, with the wait in whole seconds', () => {
    waitMs = 1001;
    expect(problemOf(() => check(requestFrom('203.0.113.7')))).toMatchObject({
      code: 'RATE_EXCEEDED',
      retryAfterSeconds: 2,
    });
  });

  test('of a trusted proxy that names no client has no limit', () => {
    waitMs = 1000;
    expect(check(requestFrom('10.0.0.1'))).toBe(1);
    expect(spent).toEqual([]);
  });

  test('with a URL of 4,096 characters passes; a longer one costs the address nothing', () => {
    expect(check(requestFrom('203.0.113.7', `/${'a'.repeat(4095)}`))).toBe(1);
    const problem = problemOf(() => check(requestFrom('203.0.113.7', `/${'a'.repeat(4096)}`)));
    expect(problem).toMatchObject({ code: 'INVALID_MESSAGE', message: expect.stringContaining('4096') });
    expect(spent).toHaveLength(1);
  });
});

test('launches of an address have a rate of their own', () => {
  limits.countLaunch(requestFrom('203.0.113.7'));
  expect(spent).toEqual(['launches 203.0.113.7']);
  waitMs = 50;
  expect(problemOf(() => limits.countLaunch(requestFrom('203.0.113.7')))).toMatchObject({
    code: 'RATE_EXCEEDED',
    retryAfterSeconds: 1,
  });
});

describe('a refusal', () => {
  const refuse = (request: Request, answers: string[], name = 'answer') =>
    limits.answerRefused(request, () => answers.push(name));

  test('is answered at once as long as there are few', () => {
    const answers: string[] = [];
    refuse(requestFrom('203.0.113.7'), answers);
    expect([answers, spent]).toEqual([['answer'], ['addressRefusals 203.0.113.7']]);
  });

  test('beyond the rate is answered a second later', () => {
    waitMs = 1;
    const answers: string[] = [];
    refuse(requestFrom('203.0.113.7'), answers);
    vi.advanceTimersByTime(999);
    expect(answers).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(answers).toEqual(['answer']);
  });

  test('is not answered if the client hung up meanwhile', () => {
    waitMs = 1;
    const answers: string[] = [];
    const request = requestFrom('203.0.113.7');
    refuse(request, answers);
    request.socket.destroy();
    vi.advanceTimersByTime(1000);
    expect(answers).toEqual([]);
  });

  test('cuts the connection while 2,000 others wait, and is held back again once they are answered', () => {
    waitMs = 1;
    const answers: string[] = [];
    const timers: (() => void)[] = [];
    // Fake timers take seconds for so many.
    vi.stubGlobal('setTimeout', (run: () => void) => timers.push(run));
    for (let count = 0; count < 2000; count += 1) refuse(requestFrom('203.0.113.7'), answers);
    const cut = requestFrom('203.0.113.7');
    refuse(cut, answers, 'cut');
    expect([cut.socket.destroyed, timers.length]).toEqual([true, 2000]);
    for (const run of timers.splice(0)) run();
    expect(answers).toHaveLength(2000);
    const later = requestFrom('203.0.113.7');
    refuse(later, answers, 'later');
    for (const run of timers) run();
    expect([answers.at(-1), later.socket.destroyed]).toEqual(['later', false]);
  });
});
