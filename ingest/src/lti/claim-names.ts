const spec = 'https://purl.imsglobal.org/spec';

/** A claim of LTI 1.3 itself. */
export const claim = (name: string): string => `${spec}/lti/claim/${name}`;
/** A claim of Deep Linking 2.0. */
export const deepLinkingClaim = (name: string): string => `${spec}/lti-dl/claim/${name}`;
/** A claim of Proctoring Services 1.0. */
export const proctoringClaim = (name: string): string => `${spec}/lti-ap/claim/${name}`;

/** Permissions for the platform's services. */
export const scopes = {
  memberships: `${spec}/lti-nrps/scope/contextmembership.readonly`,
  control: `${spec}/lti-ap/scope/control.all`,
} as const;
