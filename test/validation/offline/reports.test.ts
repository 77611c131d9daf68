import { Ajv } from 'ajv';
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

/** What SARIF 2.1.0 asks of the parts that are written here. */
const sarifSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['$schema', 'version', 'runs'],
  properties: {
    $schema: { type: 'string', pattern: '^https://.*sarif-schema-2\\.1\\.0\\.json$' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['tool', 'results'],
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'version', 'rules'],
                properties: {
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id', 'shortDescription'],
                      properties: { shortDescription: { type: 'object', required: ['text'] } },
                    },
                  },
                },
              },
            },
          },
          results: { type: 'array', items: { $ref: '#/definitions/result' } },
        },
      },
    },
  },
  definitions: {
    result: {
      type: 'object',
      additionalProperties: false,
      required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations'],
      properties: {
        ruleId: { type: 'string' },
        ruleIndex: { type: 'integer', minimum: 0 },
        level: { enum: ['none', 'note', 'warning', 'error'] },
        message: { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } },
        locations: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['physicalLocation'],
            properties: {
              physicalLocation: {
                type: 'object',
                required: ['artifactLocation', 'region'],
                properties: {
                  artifactLocation: { type: 'object', properties: { uri: { type: 'string', pattern: '^[^ \\\\]+$' } } },
                  region: {
                    type: 'object',
                    additionalProperties: false,
                    properties: {
                      startLine: { type: 'integer', minimum: 1 },
                      startColumn: { type: 'integer', minimum: 1 },
                      endColumn: { type: 'integer', minimum: 2 },
                    },
                  },
                },
              },
              logicalLocations: { type: 'array' },
            },
          },
        },
      },
    },
  },
};

describe('SARIF', () => {
  it('has the form of SARIF 2.1.0', () => {
    const all = locateAll([report, unreadableFile('/no/where', 'cannot stat')]);
    const log = toSarif(all, '1.2.3');
    const check = new Ajv().compile(sarifSchema);
    expect(check(log), JSON.stringify(check.errors)).toBe(true);
    expect(log).toMatchObject({
      runs: [{ tool: { driver: { version: '1.2.3' } }, results: all.map(({ code }) => ({ ruleId: code })) }],
    });
    expect(JSON.stringify(log)).toContain('"uri":"dir/a%20b.yaml"');
    expect(JSON.stringify(log)).toContain('"uri":"file:///no/where"');
    expect(JSON.stringify(log)).toContain('"fullyQualifiedName":"ServiceEntry//s:spec.ports[0].targetPort"');
  });
});
