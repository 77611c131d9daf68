/** RequestAuthentication: which JSON Web Tokens requests may carry. */
import type { JWTRule } from '../../protobuf/istio-types.ts';
import type { RuleCode } from '../codes/index.ts';
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { checkDuration } from '../rules/durations.ts';
import { checkStrictHeaderName } from '../rules/header-names.ts';
import { checkJwksUri } from '../rules/jwks-uris.ts';
import { parseKeySet } from '../rules/jwks.ts';
import { checkPolicyTargets } from '../rules/target-references.ts';

export const requestAuthentication = defineKind({
  group: 'security.istio.io',
  kind: 'RequestAuthentication',
  message: 'istio.security.v1beta1.RequestAuthentication',
  validate(spec, _metadata, result) {
    checkPolicyTargets(result, specPath, spec);
    spec.jwtRules.forEach((rule, index) => {
      checkJwtRule(result, specPath.at('jwtRules').at(index), rule);
    });
  },
});

/** Every error of a rule counts as a list of its own. */
function checkJwtRule(result: Result, path: FieldPath, rule: JWTRule): void {
  checkNoneEmpty(result, path.at('audiences'), rule.audiences, 'jwt-audience', 'audience must be non-empty string');
  if (rule.issuer === '' && rule.jwksUri === '') {
    const message = 'issuer or jwksUri must be non-empty string';
    result.listError(path.at('issuer'), problem('jwt-issuer', message));
  }
  if (rule.jwksUri !== '') result.listError(path.at('jwksUri'), checkJwksUri(rule.jwksUri));
  if (rule.jwks !== '') checkJwks(result, path.at('jwks'), rule.jwks);
  checkTokenLocations(result, path, rule);
  rule.outputClaimToHeaders.forEach(({ header, claim }, index) => {
    const place = path.at('outputClaimToHeaders').at(index);
    if (header === '' || claim === '') {
      const message = 'outputClaimToHeaders header and claim value must be non-empty string';
      result.listError(place, problem('jwt-claim-header', message));
    } else {
      result.listError(place.at('header'), checkStrictHeaderName(header));
    }
  });
  result.listError(path.at('timeout'), checkDuration(rule.timeout));
}

function checkJwks(result: Result, path: FieldPath, jwks: string): void {
  const keys = parseKeySet(jwks);
  if ('error' in keys) {
    result.listError(path, problem('jwks', `jwks parse error: ${keys.error}`));
    return;
  }
  for (const index of keys.privateKeys) {
    const message = `jwks key at index ${index} contains private key material; only public keys are used for verification`;
    result.warn(path, problem('jwks-private-key', message));
  }
}

function checkTokenLocations(result: Result, path: FieldPath, rule: JWTRule): void {
  rule.fromHeaders.forEach(({ name }, index) => {
    if (name !== '') return;
    const message = 'location header name must be non-empty string';
    result.listError(path.at('fromHeaders').at(index).at('name'), problem('jwt-location', message));
  });
  checkNoneEmpty(
    result,
    path.at('fromParams'),
    rule.fromParams,
    'jwt-location',
    'location query must be non-empty string',
  );
  checkNoneEmpty(
    result,
    path.at('fromCookies'),
    rule.fromCookies,
    'jwt-location',
    'cookie name must be non-empty string',
  );
}

function checkNoneEmpty(
  result: Result,
  path: FieldPath,
  values: readonly string[],
  code: RuleCode,
  message: string,
): void {
  values.forEach((value, index) => {
    if (value === '') result.listError(path.at(index), problem(code, message));
  });
}
