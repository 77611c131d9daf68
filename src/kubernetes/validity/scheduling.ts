/** Where a pod may run: affinity, tolerations, spreading. */
import { fieldsOf, listOf, numberOf, part, textOf, textsOf, type Fields } from './fields.ts';
import { checkLabelMap } from './metadata.ts';
import type { ErrorReport } from './report.ts';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from './syntax.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const MAX_WEIGHT = 100;

export function checkAffinity(report: ErrorReport, spec: Fields): void {
  const affinity = fieldsOf(spec, 'affinity');
  const path = 'spec.affinity';
  checkNodeAffinity(report, fieldsOf(affinity, 'nodeAffinity'), `${path}.nodeAffinity`);
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const pods = fieldsOf(affinity, kind);
    listOf(pods, REQUIRED).forEach((term, index) => {
      checkPodTerm(report, term, `${path}.${kind}.${REQUIRED}[${index}]`);
    });
    listOf(pods, PREFERRED).forEach((weighted, index) => {
      const at = `${path}.${kind}.${PREFERRED}[${index}]`;
      checkWeight(report, weighted, at);
      checkPodTerm(report, fieldsOf(weighted, 'podAffinityTerm'), `${at}.podAffinityTerm`);
    });
  }
}

function checkNodeAffinity(report: ErrorReport, nodes: Fields, path: string): void {
  const selector = part(nodes, REQUIRED);
  if (selector !== undefined) {
    const at = `${path}.${REQUIRED}.nodeSelectorTerms`;
    const terms = listOf(selector, 'nodeSelectorTerms');
    if (terms.length === 0) report.required(at, 'must have at least one node selector term');
    terms.forEach((term, index) => {
      checkNodeTerm(report, term, `${at}[${index}]`, true);
    });
  }
  listOf(nodes, PREFERRED).forEach((weighted, index) => {
    const at = `${path}.${PREFERRED}[${index}]`;
    checkWeight(report, weighted, at);
    checkNodeTerm(report, fieldsOf(weighted, 'preference'), `${at}.preference`, false);
  });
}

function checkWeight(report: ErrorReport, weighted: Fields, path: string): void {
  const weight = numberOf(weighted, 'weight') ?? 0;
  if (weight <= 0 || weight > MAX_WEIGHT) report.invalid(`${path}.weight`, weight, 'must be in the range 1-100');
}

function checkNodeTerm(report: ErrorReport, term: Fields, path: string, checksValues: boolean): void {
  checkExpressions(report, term, path, { comparesNumbers: true, checksValues });
  listOf(term, 'matchFields').forEach((expression, index) => {
    const at = `${path}.matchFields[${index}]`;
    const values = textsOf(expression, 'values');
    const operator = textOf(expression, 'operator');
    if (operator !== 'In' && operator !== 'NotIn') {
      report.invalid(`${at}.operator`, operator, 'not a valid selector operator');
    } else if (values.length !== 1) report.required(`${at}.values`, 'must be only one value for node field selector');
    if (textOf(expression, 'key') !== 'metadata.name') {
      report.invalid(`${at}.key`, textOf(expression, 'key'), 'not a valid field selector key');
    } else for (const value of values) report.syntax(`${at}.values`, value, dnsSubdomain);
  });
}

function checkPodTerm(report: ErrorReport, term: Fields, path: string): void {
  const key = textOf(term, 'topologyKey');
  if (key === '') report.required(`${path}.topologyKey`, 'can not be empty');
  report.syntax(`${path}.topologyKey`, key, qualifiedName);
  for (const name of textsOf(term, 'namespaces')) report.syntax(`${path}.namespace`, name, dnsLabel);
  for (const selector of ['labelSelector', 'namespaceSelector']) {
    checkSelector(report, fieldsOf(term, selector), `${path}.${selector}`);
  }
}

/** Checks a label selector. */
export function checkSelector(report: ErrorReport, selector: Fields, path: string): void {
  checkLabelMap(report, fieldsOf(selector, 'matchLabels'), `${path}.matchLabels`);
  checkExpressions(report, selector, path, { comparesNumbers: false, checksValues: true });
}

/** How the expressions of nodes differ from those of labels. */
interface ExpressionRules {
  /** Whether there are the operators `Gt` and `Lt`. */
  readonly comparesNumbers: boolean;
  /** Whether values must be those that a label can have. */
  readonly checksValues: boolean;
}

function checkExpressions(report: ErrorReport, selector: Fields, path: string, rules: ExpressionRules): void {
  listOf(selector, 'matchExpressions').forEach((expression, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const operator = textOf(expression, 'operator');
    const values = textsOf(expression, 'values');
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        report.required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        report.forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
    } else if (rules.comparesNumbers && (operator === 'Gt' || operator === 'Lt')) {
      if (values.length !== 1) {
        report.required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
      }
    } else report.invalid(`${at}.operator`, operator, 'not a valid selector operator');
    report.syntax(`${at}.key`, textOf(expression, 'key'), qualifiedName);
    if (rules.checksValues) for (const value of values) report.syntax(`${at}.values`, value, labelValue);
  });
}

export function checkTolerations(report: ErrorReport, spec: Fields): void {
  listOf(spec, 'tolerations').forEach((toleration, index) => {
    const at = `spec.tolerations[${index}]`;
    const [key, operator, value, effect] = ['key', 'operator', 'value', 'effect'].map((name) =>
      textOf(toleration, name),
    ) as [string, string, string, string];
    if (key !== '') report.syntax(`${at}.key`, key, qualifiedName);
    else if (operator !== 'Exists') {
      report.invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is empty');
    }
    if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute') {
      report.invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    report.supported(`${at}.operator`, operator || 'Equal', ['Equal', 'Exists']);
    if (operator !== 'Exists') report.syntax(`${at}.operator`, value, labelValue);
    else if (value !== '') report.invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'");
    report.supported(`${at}.effect`, effect || 'NoSchedule', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
  });
}

export function checkSpread(report: ErrorReport, spec: Fields): void {
  const seen = new Set<string>();
  listOf(spec, 'topologySpreadConstraints').forEach((constraint, index) => {
    const at = `spec.topologySpreadConstraints[${index}]`;
    const skew = numberOf(constraint, 'maxSkew') ?? 0;
    if (skew <= 0) report.invalid(`${at}.maxSkew`, skew, 'must be greater than zero');
    const key = textOf(constraint, 'topologyKey');
    if (key === '') report.required(`${at}.topologyKey`, 'can not be empty');
    const action = textOf(constraint, 'whenUnsatisfiable');
    report.supported(`${at}.whenUnsatisfiable`, action, ['DoNotSchedule', 'ScheduleAnyway']);
    const pair = `{${key}, ${action}}`;
    if (seen.has(pair)) report.duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair);
    seen.add(pair);
    const domains = numberOf(constraint, 'minDomains');
    if (domains !== undefined && domains <= 0) {
      report.invalid(`${at}.minDomains`, domains, 'must be greater than zero');
    }
    if (domains !== undefined && action !== 'DoNotSchedule') {
      report.invalid(`${at}.minDomains`, domains, 'can only use minDomains if whenUnsatisfiable=DoNotSchedule');
    }
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      report.supported(`${at}.${policy}`, textOf(constraint, policy) || 'Honor', ['Honor', 'Ignore']);
    }
    if (textsOf(constraint, 'matchLabelKeys').length > 0 && part(constraint, 'labelSelector') === undefined) {
      report.forbidden(`${at}.matchLabelKeys`, 'must not be specified when labelSelector is not set');
    }
    checkSelector(report, fieldsOf(constraint, 'labelSelector'), `${at}.labelSelector`);
  });
}
