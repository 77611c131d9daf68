/** Findings as SARIF 2.1.0 (Static Analysis Results Interchange Format), which code scanning services read. */
import { rules } from '../codes/index.ts';
import type { LocatedFinding } from './positions.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The findings as a SARIF log; `version` is that of this program. */
export function toSarif(findings: readonly LocatedFinding[], version: string): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const driver = {
    name: 'outrigger',
    version,
    rules: codes.map((id) => ({ id, shortDescription: { text: rules[id].summary } })),
  };
  const results = findings.map((finding) => ({
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: finding.severity,
    message: { text: finding.message },
    locations: [locationOf(finding)],
  }));
  return { $schema: schema, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }] };
}

function locationOf({ file, at, resource, path }: LocatedFinding): object {
  const region = { startLine: at.line, startColumn: at.column, endColumn: at.column + at.length };
  const physicalLocation = { artifactLocation: { uri: toUri(file) }, region };
  if (resource === undefined) return { physicalLocation };
  const name = `${resource.kind}/${resource.namespace}/${resource.name}`;
  const field = path?.toString() ?? '';
  const fullyQualifiedName = field === '' ? name : `${name}:${field}`;
  return { physicalLocation, logicalLocations: [{ name, fullyQualifiedName }] };
}

/** A path as a relative or absolute URI reference. */
function toUri(file: string): string {
  const uri = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return uri.startsWith('/') ? `file://${uri}` : uri;
}
