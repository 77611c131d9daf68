/** Load balancer settings of a traffic policy. */
import type {
  LoadBalancerSettings,
  LoadBalancerSettings_ConsistentHashLB,
  LoadBalancerSettings_ConsistentHashLB_HTTPCookie,
  LoadBalancerSettings_ConsistentHashLB_MagLev,
  WarmupConfiguration,
} from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkDuration } from '../../rules/durations.ts';
import { checkLocalitySettings } from '../../rules/locality-settings.ts';
import { isPrime } from './primes.ts';

/** Envoy's maglev tables are smaller than this. */
const maglevTableLimit = 5_000_011n;

/** Checks load balancer settings. */
export function checkLoadBalancer(
  result: Result,
  path: FieldPath,
  settings: LoadBalancerSettings,
  hasOutlierDetection: boolean,
): void {
  const { consistentHash, localityLbSetting, warmup } = settings;
  if (consistentHash !== undefined) checkConsistentHash(result, path.at('consistentHash'), consistentHash);
  if (localityLbSetting !== undefined) {
    checkLocalitySettings(result, path.at('localityLbSetting'), localityLbSetting, hasOutlierDetection);
  }
  if (warmup !== undefined) checkWarmup(result, path.at('warmup'), warmup);
}

function checkConsistentHash(result: Result, path: FieldPath, hash: LoadBalancerSettings_ConsistentHashLB): void {
  if (hash.httpCookie !== undefined) checkCookie(result, path.at('httpCookie'), hash.httpCookie);
  if (hash.minimumRingSize !== 0n) {
    const place = path.at('minimumRingSize');
    const advice =
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead";
    result.warn(place, problem('deprecated-field', advice));
    if (hash.ringHash !== undefined || hash.maglev !== undefined) {
      const message = 'only one of MinimumRingSize or Maglev/Ringhash can be specified';
      result.error(place, problem('hash-algorithm-conflict', message));
    }
  }
  if (hash.maglev !== undefined) checkMaglev(result, path.at('maglev'), hash.maglev);
}

function checkCookie(result: Result, path: FieldPath, cookie: LoadBalancerSettings_ConsistentHashLB_HTTPCookie): void {
  if (cookie.name === '') {
    result.error(path.at('name'), problem('cookie-name', 'name required for HttpCookie'));
  }
  const names = new Set<string>();
  cookie.attributes.forEach(({ name }, index) => {
    const place = path.at('attributes').at(index).at('name');
    if (name === '') {
      result.error(place, problem('cookie-name', 'cookie attribute name cannot be empty'));
    } else if (names.has(name)) {
      result.error(place, problem('cookie-attribute-duplicate', `duplicate cookie attribute name: ${name}`));
    }
    names.add(name);
  });
}

function checkMaglev(
  result: Result,
  path: FieldPath,
  { tableSize }: LoadBalancerSettings_ConsistentHashLB_MagLev,
): void {
  const place = path.at('tableSize');
  if (tableSize === 0n) {
    result.error(place, problem('maglev-table-size', 'tableSize must be set for maglev'));
  }
  if (tableSize >= maglevTableLimit) {
    const message = `tableSize must be less than ${maglevTableLimit} for maglev`;
    result.error(place, problem('maglev-table-size', message));
  }
  if (!isPrime(tableSize)) {
    result.error(place, problem('maglev-table-size', 'tableSize must be a prime number for maglev'));
  }
}

function checkWarmup(result: Result, path: FieldPath, warmup: WarmupConfiguration): void {
  if (warmup.duration === undefined) {
    result.error(path.at('duration'), problem('warmup-duration', 'duration is required'));
  } else {
    result.error(path.at('duration'), checkDuration(warmup.duration));
  }
  if (warmup.minimumPercent !== undefined && warmup.minimumPercent.value > 100) {
    const message = 'minimumPercent value should be less than or equal to 100';
    result.error(path.at('minimumPercent'), problem('percent-range', message));
  }
  if (warmup.aggression !== undefined && warmup.aggression.value < 1) {
    const message = 'aggression should be greater than or equal to 1';
    result.error(path.at('aggression'), problem('warmup-aggression', message));
  }
}
