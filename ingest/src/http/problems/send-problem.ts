import { STATUS_CODES as statusCodes } from 'node:http';
import type { Response } from 'express';

/** Sends an RFC 9457 problem. */
export const sendProblem = (
  response: Response,
  status: number,
  code: string,
  detail: string,
  field: string | null,
): void => {
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:invigil:problem:${code.toLowerCase().replaceAll('_', '-')}`,
        title: statusCodes[status],
        status,
        detail,
        code,
        ...(field === null ? {} : { field }),
      }),
    );
};
