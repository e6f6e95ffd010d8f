import { urlencoded } from 'express';
import type { RequestHandler } from 'express';
import type { AddressLimits } from './address-limits.ts';

/** Ample even for launches with many custom parameters. */
const maxFormBytes = '64kb';

/** Reads a form whose sender is not identified yet. Its bytes count for its address while they arrive. */
export const readForm = (limits: Pick<AddressLimits, 'countForm'>, limit = maxFormBytes): RequestHandler => {
  const read = urlencoded({ extended: false, limit });
  return (request, response, next) => {
    limits.countForm(request);
    read(request, response, next);
  };
};
