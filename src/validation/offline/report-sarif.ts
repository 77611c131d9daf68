/** Findings as SARIF 2.1.0 (Static Analysis Results Interchange Format), which code scanning services read. */
import { rules } from '../codes/index.ts';
import type { LocatedFinding, Position } from './positions.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A rule as SARIF shows it. */
export interface SarifRule {
  readonly id: string;
  readonly summary: string;
  /** What else there is to say. */
  readonly help?: string;
}

/** A finding as SARIF has it. */
export interface SarifResult {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly file: string;
  /** Undefined when it is about the file as a whole. */
  readonly at: Position | undefined;
  /** The object that it is about. */
  readonly object?: { readonly name: string; readonly fullyQualifiedName: string };
}

/** The findings as a SARIF log; `version` is that of this program. */
export function toSarif(findings: readonly LocatedFinding[], version: string): object {
  const results = findings.map((finding): SarifResult => {
    const { code, severity, message, file, at } = finding;
    const object = objectOf(finding);
    return { rule: code, level: severity, message, file, at, ...(object !== undefined && { object }) };
  });
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return sarifLog(
    codes.map((id) => ({ id, summary: rules[id].summary })),
    results,
    version,
  );
}

function objectOf({ resource, path }: LocatedFinding): SarifResult['object'] {
  if (resource === undefined) return undefined;
  const name = `${resource.kind}/${resource.namespace}/${resource.name}`;
  const field = path?.toString() ?? '';
  return { name, fullyQualifiedName: field === '' ? name : `${name}:${field}` };
}

/** A SARIF log of rules and results. */
export function sarifLog(known: readonly SarifRule[], results: readonly SarifResult[], version: string): object {
  const driver = {
    name: 'outrigger',
    version,
    rules: known.map(({ id, summary, help }) => ({
      id,
      shortDescription: { text: summary },
      ...(help !== undefined && { help: { text: help } }),
    })),
  };
  const indexes = new Map(known.map(({ id }, index) => [id, index]));
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    results: results.map((result) => ({
      ruleId: result.rule,
      ruleIndex: indexes.get(result.rule) ?? -1,
      level: result.level,
      message: { text: result.message },
      locations: [locationOf(result)],
    })),
  };
  return { $schema: schema, version: '2.1.0', runs: [run] };
}

function locationOf({ file, at, object }: SarifResult): object {
  const region = at && { startLine: at.line, startColumn: at.column, endColumn: at.column + at.length };
  const physicalLocation = { artifactLocation: { uri: toUri(file) }, ...(region !== undefined && { region }) };
  return { physicalLocation, ...(object !== undefined && { logicalLocations: [object] }) };
}

/** A path as a relative or absolute URI reference. */
function toUri(file: string): string {
  const uri = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return uri.startsWith('/') ? `file://${uri}` : uri;
}
