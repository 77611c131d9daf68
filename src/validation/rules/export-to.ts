/** The namespaces that a resource is exported to. */
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Problem, Result } from '../result.ts';
import { isDnsLabel } from './domains.ts';

/** What differs between the kinds that have `exportTo`. */
export interface ExportToOptions {
  /** ServiceEntry: `~` (no namespace) is fine. */
  readonly allowsNone?: boolean;
  /** DestinationRule with a workload selector: only the own namespace is fine. */
  readonly hasWorkloadSelector?: boolean;
}

/** Checks an `exportTo` list; `namespace` is the one of the object. */
export function checkExportTo(
  result: Result,
  path: FieldPath,
  exportTo: readonly string[],
  namespace: string,
  options: ExportToOptions = {},
): void {
  const seen = new Set<string>();
  exportTo.forEach((entry, index) => {
    const key = entry === '.' ? namespace : entry;
    if (seen.has(key)) {
      result.error(path.at(index), duplicateEntry(entry, namespace));
    } else {
      const invalid = checkEntry(key, options);
      if (invalid === undefined) seen.add(key);
      result.error(path.at(index), invalid);
    }
  });
  if (options.hasWorkloadSelector === true && seen.size > 0) {
    result.error(path, checkSelectorScope(seen, namespace));
  }
  if (exportTo.length < 2) return;
  if (seen.has('*')) {
    const message = 'cannot have both public (*) and non-public exportTo values for a resource';
    result.error(path, problem('export-to', message));
  }
  if (seen.has('~')) {
    result.error(path, problem('export-to', 'cannot export service entry to no one (~) and someone'));
  }
}

function duplicateEntry(entry: string, namespace: string): Problem {
  const subject = entry === '.' ? `: . and current namespace ${namespace}` : ` for entry ${entry}`;
  return problem('export-to-duplicate', `duplicate entries in exportTo${subject}`);
}

function checkEntry(key: string, options: ExportToOptions): Problem | undefined {
  if (key === '~') {
    if (options.allowsNone === true) return undefined;
    return problem('export-to', 'exportTo ~ (none) is not allowed for Istio configuration objects');
  }
  if (key === '*' || isDnsLabel(key)) return undefined;
  return problem('export-to', 'only .,*, or a valid DNS 1123 label is allowed as exportTo entry');
}

function checkSelectorScope(seen: ReadonlySet<string>, namespace: string): Problem | undefined {
  if (!seen.has(namespace)) {
    const message = 'destination rule with workload selector cannot have exportTo beyond current namespace';
    return problem('export-to', message);
  }
  if (seen.size === 1) return undefined;
  return problem('export-to', 'destination rule with workload selector cannot have multiple entries in exportTo');
}
