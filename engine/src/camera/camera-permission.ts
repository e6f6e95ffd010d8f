import { withDeadline } from '../timing/deadline.ts';

const answerTimeoutMs = 1000;

const permissionStatus = async (): Promise<PermissionStatus | null> => {
  const permissions = (navigator as Partial<Navigator>).permissions;
  if (permissions === undefined) return null;
  try {
    const query = permissions.query({ name: 'camera' as PermissionName });
    return await withDeadline('permissions.query', answerTimeoutMs, query);
  } catch {
    return null;
  }
};

/** Whether the student has allowed the camera; null if the browser does not report it. */
export const cameraPermission = async (): Promise<PermissionState | null> => (await permissionStatus())?.state ?? null;

/** Listens to the student's changes of the permission. Browsers that do not report it never call `onChange`. */
export const watchCameraPermission = async (
  onChange: (state: PermissionState) => void,
  signal: AbortSignal,
): Promise<void> => {
  const status = await permissionStatus();
  if (!signal.aborted) status?.addEventListener?.('change', () => onChange(status.state), { signal });
};

interface FeaturePolicy {
  allowsFeature(name: string): boolean;
}

/** Whether the page's policy, or the page that embeds it, forbids the camera. The student cannot change that. */
export const isForbiddenByPage = (): boolean => {
  const { featurePolicy, permissionsPolicy } = document as {
    featurePolicy?: FeaturePolicy;
    permissionsPolicy?: FeaturePolicy;
  };
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature('camera') === false;
};
