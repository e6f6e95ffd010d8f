import { withDeadline } from '../timing/deadline.ts';

const answerTimeoutMs = 1000;

/** Whether the student has allowed the camera; null if the browser does not report it. */
export const cameraPermission = async (): Promise<PermissionState | null> => {
  const permissions = (navigator as Partial<Navigator>).permissions;
  if (permissions === undefined) return null;
  try {
    const query = permissions.query({ name: 'camera' as PermissionName });
    return (await withDeadline('permissions.query', answerTimeoutMs, query)).state;
  } catch {
    return null;
  }
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
