import { describe, expect, test } from 'vitest';
import { PowerHints } from './power-hints.ts';
import type { PowerLimit, PowerSources } from './power-hints.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

class DeviceBattery extends EventTarget {
  charging = true;
  level = 1;
  set(charging: boolean, level: number): void {
    Object.assign(this, { charging, level });
    this.dispatchEvent(new Event('levelchange'));
  }
}

const device = () => {
  const battery = new DeviceBattery();
  let press: (state: string) => void = () => undefined;
  class DevicePressure {
    constructor(onChange: (records: readonly { state: string }[]) => void) {
      press = (state) => onChange([{ state }]);
    }
    observe = (): Promise<void> => Promise.resolve();
    disconnect = (): void => undefined;
  }
  const limits: PowerLimit[] = [];
  const sources = { getBattery: async () => battery, PressureObserver: DevicePressure } as unknown as PowerSources;
  const hints = new PowerHints((limit) => limits.push(limit), sources);
  return { battery, limits, hints, press: (state: string) => press(state) };
};

describe('power hints', () => {
  test('a low battery without a charger lowers the budget, a charger raises it again', async () => {
    const { battery, limits, hints } = device();
    await waitFor(
      () => {
        battery.set(false, 0.15);
        expect(limits).toEqual([{ factor: 0.7, hint: 'battery' }]);
      },
      { timeout: 15_000 },
    );
    battery.set(false, 0.05);
    battery.set(false, 0.04);
    expect(limits.at(-1)).toEqual({ factor: 0.5, hint: 'battery' });
    battery.set(true, 0.05);
    expect(hints.limit).toEqual({ factor: 1, hint: null });
    expect(limits).toHaveLength(3);
  });

  test('sustained processor pressure lowers it, a short peak does not', () => {
    const { press, hints } = device();
    for (const state of ['critical', 'critical', 'fair', 'critical', 'critical']) press(state);
    expect(hints.limit.factor).toBe(1);
    press('serious');
    expect(hints.limit).toEqual({ factor: 0.8, hint: 'pressure' });
  });

  test('a browser that reports nothing limits nothing', () => {
    expect(new PowerHints(() => undefined, {}).limit).toEqual({ factor: 1, hint: null });
  });

  test('reports nothing after it is closed', async () => {
    const { battery, limits, hints, press } = device();
    hints.close();
    await Promise.resolve();
    battery.set(false, 0.05);
    for (const state of ['critical', 'critical', 'critical']) press(state);
    expect(limits).toEqual([]);
  });
});
