import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import { beforeAll, describe, expect, it } from 'vitest';
import { configOf, goodTemplate, withFields } from '../lint/support.ts';
import { run } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'outrigger-lint-'));
const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

let good: string;
let bad: string;
let values: string;

beforeAll(() => {
  good = write('good.yaml', configOf({}));
  bad = write('bad.yaml', configOf({ template: withFields('ports:', '- containerPort: 70000') }));
  values = write('values.yaml', 'global:\n  tag: 1.30\n  own: 1\n');
});

const lint = (config: string, ...args: readonly string[]): ReturnType<typeof run> =>
  run(['lint', '--inject-config', config, '--inject-values', values, ...args]);

describe('outrigger lint', () => {
  it('shows the line with what is meant, and ends with 0 where there are only warnings', async () => {
    const { code, stdout, stderr } = await lint(good);
    expect(stdout).toBe(
      [
        `${values}:2:8 warning [yaml-scalar] global.tag: 1.30 is 1.3 to YAML 1.1`,
        '2 |   tag: 1.30',
        '  |        ^^^^',
        '  = Write "1.30" if text is meant.',
        '',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe('0 errors, 1 warning and 0 notes (--level info shows notes, too)\n');
    expect(code).toBe(0);
  });

  it('ends with 1 where there are errors', async () => {
    const { code, stdout, stderr } = await lint(bad, '--level', 'error');
    expect(code).toBe(1);
    expect(stdout).toContain(`${bad}:13:11 error [invalid-pod] spec.containers[1].ports[0].containerPort`);
    expect(stderr).toBe('Error: 1 error, 0 warnings and 0 notes (--level info shows warnings and notes, too)\n');
  });

  it('gives records', async () => {
    const { stdout } = await lint(good, '-o', 'json', '--level', 'info');
    expect(JSON.parse(stdout)).toEqual([
      {
        rule: 'yaml-scalar',
        level: 'warning',
        message: 'global.tag: 1.30 is 1.3 to YAML 1.1',
        file: values,
        line: 2,
        column: 8,
        excerpt: '  tag: 1.30',
        fix: 'Write "1.30" if text is meant.',
      },
      {
        rule: 'unread-value',
        level: 'info',
        message: 'nothing reads global.own',
        file: values,
        line: 3,
        column: 3,
        excerpt: '  own: 1',
        fix: 'Remove it, or correct its name.',
      },
    ]);
  });

  it('gives SARIF that follows its schema', async () => {
    const schemaFile = createRequire(import.meta.url).resolve(
      '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
    );
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object;
    const { stdout } = await lint(bad, '-o', 'sarif', '--level', 'info');
    const log = JSON.parse(stdout) as { runs: [{ results: { ruleId: string; level: string }[] }] };
    const validate = new Ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    expect(log.runs[0].results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      'invalid-pod error',
      'yaml-scalar warning',
      'unread-value note',
    ]);
  });

  it('tries pods of files, and of workloads', async () => {
    const template = `{{ if eq .DeploymentMeta.Name "own-shop" }}{{ fail "no" }}{{ end }}\n${goodTemplate}`;
    const pods = write(
      'pods.yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: own-shop}\nspec: {template: {spec: {containers: [{name: a, image: a:1}]}}}\n',
    );
    const config = write('shop.yaml', configOf({ template }));
    expect((await lint(config, '--level', 'error')).code).toBe(0);
    const { code, stdout } = await lint(config, '--level', 'error', '--pods', pods, '-n', 'team');
    expect(code).toBe(1);
    expect(stdout).toContain('(pod: Deployment team/own-shop)');
  });

  it('finds the places in a rendered chart on stdin', async () => {
    const config = configOf({ template: '{{ nope }}' }).replaceAll(/^(?=.)/gm, '    ');
    const map = `kind: ConfigMap\nmetadata: {name: istio-sidecar-injector}\ndata:\n  values: "{}"\n  config: |\n${config}`;
    const { code, stdout } = await run(['lint', '-'], map);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^-:10:12 error \[unknown-function\]/);
    expect(stdout).toContain('      ^^^^');
  });

  it('reports a file that holds no configuration', async () => {
    const { code, stdout } = await run(['lint', write('none.yaml', 'kind: Service\n')]);
    expect(code).toBe(1);
    expect(stdout).toContain('[config-unreadable] there is no ConfigMap istio-sidecar-injector');
  });

  it('finds no error in the built-in configuration', async () => {
    const { code, stderr } = await run(['lint']);
    expect(stderr).toMatch(/^0 errors/);
    expect(code).toBe(0);
  });

  it('prints its rules', async () => {
    const { stdout } = await run(['lint', '--rules']);
    expect(stdout).toContain('yaml-scalar warning\n  YAML 1.1 reads an unquoted text');
    expect(Object.keys(JSON.parse((await run(['lint', '--rules', '-o', 'json'])).stdout) as object)).toContain(
      'yaml-scalar',
    );
  });

  it.each([[['lint', '--level', 'all']], [['lint', '-o', 'xml']], [['lint', '--nope']]])(
    'ends with 2 for %j',
    async (args) => {
      expect((await run(args)).code).toBe(2);
    },
  );

  it('names a file that is not there', async () => {
    const { code, stderr } = await run(['lint', '--inject-config', join(folder, 'missing.yaml')]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('missing.yaml');
  });

  it('is coloured on a terminal', async () => {
    const { stdout } = await run(['lint', '--inject-config', good, '--inject-values', values], '', true);
    expect(stdout).toContain('yaml-scalar');
  });

  it.each([
    ['that is not there', 'missing.yaml', /missing\.yaml: no such file or directory\. A configuration is `built-in`/],
    ['that holds no configuration', 'nothing', /there is no ConfigMap .*\n {2}= A configuration is `built-in`/],
    ['that is no YAML', 'open.yaml', /open\.yaml:2:1 error .*\n {2}= Close the list/],
  ])('says what a configuration is, or how to mend one %s', async (_what, name, message) => {
    mkdirSync(join(folder, 'nothing'), { recursive: true });
    write('open.yaml', 'a: [b\n');
    const { code, stdout, stderr } = await run(['lint', join(folder, name)]);
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringMatching(message)]);
  });

  it('names the pod of --pods that is none', async () => {
    const pods = write('no-pods.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: {a: b}}\n');
    expect(await lint(good, '--pods', pods, '-n', 'team')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--pods: Pod team/a: json: cannot unmarshal object') as string,
    });
  });

  it('tries live pods as they were before they were injected', async () => {
    const status = '{"containers":["istio-proxy"],"volumes":[],"initContainers":null,"imagePullSecrets":null}';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'live', annotations: { 'sidecar.istio.io/status': status } },
      spec: {
        containers: [
          { name: 'app', image: 'a:1' },
          { name: 'istio-proxy', image: 'old:1', ports: [{ containerPort: 70_000 }] },
        ],
      },
    };
    const pods = write('live.json', JSON.stringify(pod));
    expect((await lint(good, '--level', 'error', '--no-canary', '--pods', pods)).code).toBe(0);
  });
});
