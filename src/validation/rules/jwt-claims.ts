/** Header names that stand for claims of a validated JSON Web Token. */

const claimRoute = /^@request\.auth\.claims(?:\..|\[.+\]$)/is;

/** Whether a header match looks at a JWT claim: `@request.auth.claims.name` or `@request.auth.claims[name]`, in any case. */
export function isJwtClaimRoute(headerName: string): boolean {
  return claimRoute.test(headerName);
}
