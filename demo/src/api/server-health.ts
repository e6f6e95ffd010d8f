const isHealth = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'status' in body && body.status === 'ok' && 'parts' in body;

/** Whether the server answers and all of its parts work. A portal or filter that answers in its place is not the server. */
export const isServerHealthy = async (timeoutMs: number): Promise<boolean> => {
  try {
    const response = await fetch('/healthz', { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok && isHealth(await response.json());
  } catch {
    // No answer, or one that is not JSON.
    return false;
  }
};
