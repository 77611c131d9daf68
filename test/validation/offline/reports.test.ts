import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import {
  checkFile,
  locate,
  locateAll,
  renderExcerpt,
  toRecords,
  toSarif,
  unreadableFile,
} from '../../../src/validation/offline/index.ts';

const text = `# the first document
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: s }
spec:
  hosts: &hosts ["a_b"]
  ports:
    - number: 80
      name: http
      target_port: 99999
  resolution: STATIC
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g, namespace: n }
spec:
  servers:
    - port: { number: 80, protocol: HTTP }
      hosts:
        - "*.*.com"
    - {}
`;

const report = checkFile('dir/a b.yaml', text);
const findings = locateAll([report]);
const placeOf = (message: string): string => {
  const found = findings.find((finding) => finding.message.includes(message));
  if (found === undefined) throw new Error(`no finding ${message}`);
  return `${found.at.line}:${found.at.column}+${found.at.length}`;
};

describe('positions', () => {
  it.each([
    ['domain name "a_b"', '6:18+5'],
    ['port number 99999', '10:20+5'],
    ['(label "*" invalid)', '20:11+9'],
    ['port name must be set', '18:7+4'],
    ['server config must contain at least one host', '21:7+1'],
  ])('%s is at %s', (message, place) => {
    expect(placeOf(message)).toBe(place);
  });

  it('of a document that cannot be decoded are counted in the file', () => {
    const [finding] = checkFile('x.yaml', `${text}---\na: 1\na: 2\n`).findings.slice(-1);
    expect(finding && locate(finding)).toMatchObject({ line: 24 });
  });

  it('follow aliases, and end where the object does', () => {
    const aliased = `x: &m { hosts: [a.com], port: 5 }\napiVersion: networking.istio.io/v1\nkind: Gateway\nspec: { servers: [*m] }\n`;
    const [finding] = checkFile('x.yaml', aliased.replace('x: ', 'status: ')).findings;
    expect(finding && locate(finding)).toMatchObject({ line: 1, column: 36 });
  });

  it('of files that cannot be read are their beginning', () => {
    const [finding] = unreadableFile('x', 'cannot stat').findings;
    expect(finding && locate(finding)).toEqual({ line: 1, column: 1, length: 1 });
  });
});

describe('records', () => {
  it('name the resource and the field', () => {
    expect(toRecords(findings).find(({ code }) => code === 'port-range')).toEqual({
      file: 'dir/a b.yaml',
      line: 10,
      column: 20,
      severity: 'error',
      code: 'port-range',
      message: 'port number 99999 must be in the range 1..65535',
      kind: 'ServiceEntry',
      namespace: '',
      name: 's',
      field: 'spec.ports[0].targetPort',
    });
  });
});

describe('excerpts', () => {
  it('show the line with a caret under the field', () => {
    const finding = findings.find(({ code }) => code === 'port-range');
    expect(finding && renderExcerpt(finding, text.split('\n'))).toBe(
      [
        'dir/a b.yaml:10:20 error [port-range] ServiceEntry//s: port number 99999 must be in the range 1..65535',
        '10 |       target_port: 99999',
        '   |                    ^^^^^',
        '',
      ].join('\n'),
    );
  });

  it('cut long lines', () => {
    const long = `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g }\nspec: { ${' '.repeat(300)}servers: [{}] }\n`;
    const [finding] = locateAll([checkFile('x.yaml', long)]);
    const lines = finding && renderExcerpt(finding, long.split('\n')).split('\n');
    expect(lines?.[1]?.length).toBeLessThanOrEqual(110);
    expect(lines?.[1]?.charAt((lines[2] ?? '').indexOf('^'))).toBe('{');
  });
});

/** The standard's own schema. Formats (URIs, dates) are not checked by it here, but below. */
const sarifSchema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as object;

describe('SARIF', () => {
  it('has the form of SARIF 2.1.0', () => {
    const all = locateAll([report, unreadableFile('/no/where', 'cannot stat')]);
    const log = toSarif(all, '1.2.3');
    const check = new Ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(sarifSchema);
    expect(check(log), JSON.stringify(check.errors)).toBe(true);
    expect(check({ ...log, version: '2.0.0' })).toBe(false);
    expect(log).toMatchObject({
      runs: [{ tool: { driver: { version: '1.2.3' } }, results: all.map(({ code }) => ({ ruleId: code })) }],
    });
    expect(JSON.stringify(log)).toContain('"uri":"dir/a%20b.yaml"');
    expect(JSON.stringify(log)).toContain('"uri":"file:///no/where"');
    expect(JSON.stringify(log)).toContain('"fullyQualifiedName":"ServiceEntry//s:spec.ports[0].targetPort"');
  });
});
