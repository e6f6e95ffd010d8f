import { STATUS_CODES as statusCodes } from 'node:http';
import type { Response } from 'express';
import { currentRequestId } from '../../telemetry/request-context.ts';

/** Sends an RFC 9457 problem, with the id under which the log holds the request. */
export const sendProblem = (
  response: Response,
  status: number,
  code: string,
  detail: string,
  field: string | null,
): void => {
  const requestId = currentRequestId();
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
        ...(requestId === null ? {} : { request_id: requestId }),
      }),
    );
};
