import type { Express } from 'express';
import type { AddressLimits } from '../http/middleware/address-limits.ts';
import type { Channel } from '../realtime/channel.ts';

/** A part of the server with its endpoints. */
export interface ServerPart {
  readonly channels: readonly Channel[];
  /** Adds its routes to the application. */
  mount(app: Express, limits: Pick<AddressLimits, 'answerRefused' | 'countForm' | 'countLaunch'>): void;
}
