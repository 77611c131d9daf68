/** The CUSTOM action, which leaves the decision to an external authorizer: it knows fewer attributes. */
import type { AuthorizationPolicy, Source } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';

const unsupportedFields: readonly (keyof Source)[] = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
];

const unsupportedKeys: ReadonlySet<string> = new Set([
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.principal',
]);

/** Checks what a policy with the action CUSTOM may say; `path` is its spec. */
export function checkCustomAction(result: Result, path: FieldPath, policy: AuthorizationPolicy): void {
  if (policy.rules.length === 0) {
    const message =
      'CUSTOM action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request';
    result.error(path.at('rules'), problem('action-without-rules', message));
    return;
  }
  if ((policy.provider?.name ?? '') === '') {
    result.error(path.at('provider').at('name'), problem('provider-name', '`provider.name` must not be empty'));
  }
  policy.rules.forEach((rule, index) => {
    const place = path.at('rules').at(index);
    rule.from.forEach(({ source }, fromIndex) => {
      if (source !== undefined) checkSource(result, place.at('from').at(fromIndex).at('source'), source);
    });
    rule.when.forEach(({ key }, whenIndex) => {
      if (!unsupportedKeys.has(key) && !key.startsWith('request.auth.')) return;
      const message = `${key} is currently not supported with CUSTOM action`;
      result.error(place.at('when').at(whenIndex).at('key'), problem('custom-action', message));
    });
  });
}

function checkSource(result: Result, path: FieldPath, source: Source): void {
  for (const field of unsupportedFields) {
    if (source[field].length === 0) continue;
    const name = field.slice(0, 1).toUpperCase() + field.slice(1);
    const message = `From.${name} is currently not supported with CUSTOM action`;
    result.error(path.at(field), problem('custom-action', message));
  }
}
