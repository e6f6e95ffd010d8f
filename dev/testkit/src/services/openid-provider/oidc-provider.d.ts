/** The parts of the package that the test provider uses; it has no types of its own. */
declare module 'oidc-provider' {
  export class Provider {
    constructor(issuer: string, configuration: object);
    listen(port: number, host: string): unknown;
  }
}
