/** AuthorizationPolicy: who may call workloads, and how. */
import type { AuthorizationPolicy, Rule } from '../../../protobuf/istio-types.ts';
import { defineKind } from '../../kind.ts';
import { specPath } from '../../path.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkPolicyTargets } from '../../rules/target-references.ts';
import { checkCondition } from './conditions.ts';
import { checkCustomAction } from './custom-action.ts';
import { checkOperation, isTcpOperation } from './operations.ts';
import { checkSource, isTcpSource } from './sources.ts';

export const authorizationPolicy = defineKind({
  group: 'security.istio.io',
  kind: 'AuthorizationPolicy',
  message: 'istio.security.v1beta1.AuthorizationPolicy',
  validate(spec, { name, namespace }, result) {
    checkPolicyTargets(result, specPath, spec);
    if (spec.action === 'CUSTOM') checkCustomAction(result, specPath, spec);
    checkAction(result, spec);
    spec.rules.forEach((rule, index) => {
      checkRule(result, specPath.at('rules').at(index), rule, index);
      if (spec.action === 'DENY') warnOfTcpTraffic(result, specPath.at('rules').at(index), rule);
    });
    result.prefixErrors(`invalid policy ${name}.${namespace}:`);
  },
});

function checkAction(result: Result, { action, provider, rules }: AuthorizationPolicy): void {
  if (provider !== undefined && action !== 'CUSTOM') {
    const message = `\`provider\` must not be with non CUSTOM action, found ${action}`;
    result.error(specPath.at('provider'), problem('provider-action', message));
  }
  if (action === 'DENY' && rules.length === 0) {
    const message =
      'DENY action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request';
    result.error(specPath.at('rules'), problem('action-without-rules', message));
  }
}

function checkRule(result: Result, path: FieldPath, rule: Rule, ruleIndex: number): void {
  rule.from.forEach(({ source }, index) => {
    const place = path.at('from').at(index).at('source');
    if (source !== undefined) {
      checkSource(result, place, source, ruleIndex);
      return;
    }
    const message = `\`from.source\` must not be nil, found at rule ${ruleIndex}`;
    result.error(place, problem('rule-part-empty', message));
  });
  rule.to.forEach(({ operation }, index) => {
    const place = path.at('to').at(index).at('operation');
    if (operation !== undefined) {
      checkOperation(result, place, operation, ruleIndex);
      return;
    }
    const message = `\`to.operation\` must not be nil, found at rule ${ruleIndex}`;
    result.error(place, problem('rule-part-empty', message));
  });
  rule.when.forEach((condition, index) => {
    checkCondition(result, path.at('when').at(index), condition);
  });
}

/** A DENY rule that only names attributes of HTTP denies everything on TCP ports, where they are never found. */
function warnOfTcpTraffic(result: Result, path: FieldPath, rule: Rule): void {
  const sources = rule.from.flatMap(({ source }) => source ?? []);
  const operations = rule.to.flatMap(({ operation }) => operation ?? []);
  const deniesTcp =
    operations.length > 0 ? !operations.some(isTcpOperation) : sources.length > 0 && !sources.some(isTcpSource);
  if (!deniesTcp) return;
  const message =
    'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port';
  result.warn(path, problem('deny-tcp', message));
}
