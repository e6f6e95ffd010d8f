import { HttpProblem } from '../problems/http-problem.ts';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** The `status` of a query; null if it is absent. */
export const deliveryStatusOf = (value: unknown): DeliveryStatus | null => {
  if (value === undefined) return null;
  const status = DELIVERY_STATUSES.find((known) => known === value);
  if (status !== undefined) return status;
  throw new HttpProblem('INVALID_MESSAGE', `must be one of ${DELIVERY_STATUSES.join(', ')}`, { field: 'status' });
};
