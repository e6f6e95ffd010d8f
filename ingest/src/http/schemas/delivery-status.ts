import { HttpProblem } from '../problems/http-problem.ts';

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** The `status` of a query; null if it is absent. */
export const deliveryStatusOf = (value: unknown): DeliveryStatus | null => {
  if (value === undefined) return null;
  const status = deliveryStatuses.find((known) => known === value);
  if (status !== undefined) return status;
  throw new HttpProblem('INVALID_MESSAGE', `must be one of ${deliveryStatuses.join(', ')}`, { field: 'status' });
};
