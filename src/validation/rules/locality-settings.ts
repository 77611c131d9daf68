/** Locality load balancing of DestinationRules and of the mesh configuration. */
import type {
  LocalityLoadBalancerSetting,
  LocalityLoadBalancerSetting_Distribute,
  LocalityLoadBalancerSetting_Failover,
} from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Problem, Result } from '../result.ts';

/** Labels of a node's place, which failover by region already takes into account. */
const topologyLabels: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
]);

/** Checks locality settings; failover only works where outlier detection finds unhealthy endpoints. */
export function checkLocalitySettings(
  result: Result,
  path: FieldPath,
  settings: LocalityLoadBalancerSetting,
  hasOutlierDetection: boolean,
): void {
  const { distribute, failover, failoverPriority } = settings;
  const conflict = findConflict(settings);
  if (conflict !== undefined) {
    result.error(path.at('failover'), conflict);
    return;
  }
  for (const [index, entry] of distribute.entries()) {
    if (!checkDistribution(result, path.at('distribute').at(index), entry)) return;
  }
  const sources = distribute.map((entry) => entry.from);
  const [overlap, index] = findOverlap(sources);
  result.error(path.at('distribute').at(index).at('from'), overlap);
  if ((failover.length > 0 || failoverPriority.length > 0) && !hasOutlierDetection) {
    const message = 'outlier detection policy must be provided for failover';
    result.warn(path, problem('failover-without-outlier-detection', message));
  }
  failover.forEach((entry, position) => {
    checkFailover(result, path.at('failover').at(position), entry);
  });
}

function findConflict({ distribute, failover, failoverPriority }: LocalityLoadBalancerSetting): Problem | undefined {
  if (failover.length === 0) return undefined;
  if (distribute.length > 0) {
    return problem('locality-conflict', "can not simultaneously specify 'distribute' and 'failover'");
  }
  const label = failoverPriority.find((priority) => topologyLabels.has(priority));
  if (label === undefined) return undefined;
  const message = `can not simultaneously set 'failover' and topology label '${label}' in 'failover_priority'`;
  return problem('locality-conflict', message);
}

/** Checks one distribution; returns false when its weights are wrong, which ends the check of all. */
function checkDistribution(result: Result, path: FieldPath, { to }: LocalityLoadBalancerSetting_Distribute): boolean {
  // Istio goes through the map at random; sorted, the answer does not depend on the order of writing.
  const targets = Object.keys(to).sort();
  let total = 0;
  for (const target of targets) {
    const weight = to[target] ?? 0;
    if (weight === 0 || weight > 100) {
      const message = 'locality weight must be in range [1, 100]';
      result.error(path.at('to').entry(target), problem('locality-weight', message));
      return false;
    }
    total += weight;
  }
  if (total !== 100) {
    result.error(path.at('to'), problem('locality-weight', `total locality weight ${total} != 100`));
    return false;
  }
  const [overlap, index] = findOverlap(targets);
  result.error(path.at('to').entry(targets[index] ?? ''), overlap);
  return true;
}

function checkFailover(result: Result, path: FieldPath, { from, to }: LocalityLoadBalancerSetting_Failover): void {
  if (from === to) {
    const message = 'locality lb failover settings must specify different regions';
    result.error(path.at('to'), problem('failover-region', message));
  }
  if (from.includes('/') || to.includes('/')) {
    const place = path.at(from.includes('/') ? 'from' : 'to');
    result.error(place, problem('failover-region', 'locality lb failover only specify region'));
  }
  if (from.includes('*') || to.includes('*')) {
    const message = "locality lb failover region should not contain '*' wildcard";
    result.error(path.at(from.includes('*') ? 'from' : 'to'), problem('failover-region', message));
  }
}

/** Stands for all regions, or all zones of a region, or all subzones of a zone. */
const all = '*';

/** The first of the localities `region[/zone[/subzone]]` that is malformed or covered by those before it, and its index. */
function findOverlap(localities: readonly string[]): [found: Problem | undefined, index: number] {
  const seen = new SeenLocalities();
  for (const [index, locality] of localities.entries()) {
    const found = checkLocality(locality, seen);
    if (found !== undefined) return [found, index];
  }
  return [undefined, 0];
}

function checkLocality(locality: string, seen: SeenLocalities): Problem | undefined {
  const star = locality.indexOf(all);
  if (star >= 0 && star !== locality.length - 1) {
    const message = `locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`;
    return problem('locality-form', message);
  }
  const overlap = problem('locality-overlap', `locality ${locality} overlap with previous specified ones`);
  if (seen.hasAllRegions) return overlap;
  const [region = '', zone, ...rest] = locality.split('/');
  const subzone = rest.length === 0 ? undefined : rest.join('/');
  if (region === '' || zone === '' || subzone === '') {
    return problem('locality-form', `locality ${locality} must not contain empty region/zone/subzone info`);
  }
  return seen.add(region, zone, subzone) ? undefined : overlap;
}

/** The localities seen: regions, their zones and the zones' subzones; `*` where all of them were meant. */
class SeenLocalities {
  private readonly regions = new Map<string, Map<string, Set<string>>>();

  get hasAllRegions(): boolean {
    return this.regions.has(all);
  }

  /** Remembers a locality; false when an earlier one covers it. */
  add(region: string, zone: string | undefined, subzone: string | undefined): boolean {
    const zones = this.regions.get(region);
    if (zones === undefined) {
      this.regions.set(region, new Map([[zone ?? all, new Set([subzone ?? all])]]));
      return true;
    }
    if (zone === undefined || zones.has(all)) return false;
    const subzones = zones.get(zone);
    if (subzones === undefined) {
      zones.set(zone, new Set([subzone ?? all]));
      return true;
    }
    if (subzone === undefined || subzones.has(all) || subzones.has(subzone)) return false;
    subzones.add(subzone);
    return true;
  }
}
