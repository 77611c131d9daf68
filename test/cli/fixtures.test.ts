/** `outrigger test`: exit codes, reports, golden files, watching; and the fixtures that are shipped, through the command. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { Parser, type Result } from 'tap-parser';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { renderText } from '../../src/cli/fixtures/reports/text.ts';
import { runFixtures } from '../../src/cli/fixtures/run-fixtures.ts';
import { runCli } from '../../src/cli/program.ts';
import { recorder } from '../server/support/fixtures.ts';
import { repositoryRoot } from '../support/shared.ts';
import { run } from './support.ts';

const good =
  'name: good\nasserts: [{ path: "spec.initContainers[istio-proxy].image", equals: "registry.istio.io/release/proxyv2:1.30.3" }]\n';
const bad = `name: bad & <worse>
cases:
- name: 'a "wrong" # tag'
  tags: [slow]
  asserts:
  - path: spec.initContainers[istio-proxy].resources.requests.cpu
    equals: 1
- name: later
  skip: not yet
`;

let folder = '';
const path = (name: string): string => join(folder, name);
const write = (name: string, text: string): void => {
  mkdirSync(join(path(name), '..'), { recursive: true });
  writeFileSync(path(name), text);
};
const read = (name: string): string => readFileSync(path(name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrigger-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('outrigger test', () => {
  it('is fine when all cases hold, those in folders below too', async () => {
    write('a.test.yaml', good);
    write('below/b.test.yml', good);
    write('.hidden/c.test.yaml', bad);
    write('node_modules/d.test.yaml', bad);
    write('values.yaml', 'not: a fixture');
    const { code, stdout, stderr } = await run(['test', folder]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^PASS {2}\S+a\.test\.yaml \(1 case\)\nPASS {2}\S+below\/b\.test\.yml \(1 case\)\n\n2 cases: 2 passed in \d/,
    );
  });

  it('fails with the field, what was expected and found, the line of the fixture and of the template', async () => {
    write('a.test.yaml', bad);
    const { code, stdout, stderr } = await run(['test', path('a.test.yaml')]);
    expect([code, stderr]).toEqual([1, 'Error: 1 of 2 cases failed\n']);
    const text = stdout.replaceAll(folder, '').replace(/in [\d.]+ s/, 'in 0 s');
    expect(text).toBe(
      `FAIL  /a.test.yaml (2 cases)
      FAIL  bad & <worse> › a "wrong" # tag  /a.test.yaml:3
            spec.initContainers[istio-proxy].resources.requests.cpu
                expected  1 (number)
                found     "100m" (string)
                asked     /a.test.yaml:6 (equals)
                template  templates/partials.yaml:91 (sidecar), from values global.proxy.resources.requests.cpu
      skip  bad & <worse> › later  /a.test.yaml:8  not yet

2 cases: 0 passed, 1 failed, 1 skipped in 0 s
`.replace(':91 ', `:${String(lineOf('templates/partials.yaml', 'omitNil'))} `),
    );
  });

  it('tells mistakes in fixture files and runs the others', async () => {
    write('a.test.yaml', 'asert: []\n');
    write('b.test.yaml', good);
    const { code, stdout, stderr } = await run(['test', folder]);
    expect([code, stderr]).toEqual([1, 'Error: 1 mistake in fixture files\n']);
    expect(stdout).toContain('a.test.yaml:1  unknown key asert; did you mean asserts?');
    expect(stdout).toContain('1 case: 1 passed, 1 mistakes in fixture files');
  });

  it.each<readonly [args: readonly string[], message: string]>([
    [['none'], 'none does not exist'],
    [['.', '--only', 'nothing like it'], 'none of 2 cases is selected'],
    [['.', '--yes'], '--yes needs --update'],
    [['.', '--watch', '--update'], '--watch and --update exclude each other'],
    [['.', '--watch', '-o', 'tap'], '--watch has no other report than text'],
    [['empty'], 'there is no file *.test.yaml in '],
    [['.', '-o', 'xml'], "argument 'xml' is invalid"],
  ])('%j is wrong usage', async ([name = '', ...flags], message) => {
    write('a.test.yaml', bad);
    mkdirSync(path('empty'));
    const { code, stderr } = await run(['test', path(name), ...flags]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('runs the cases of a name or a tag', async () => {
    write('a.test.yaml', good);
    write('b.test.yaml', bad);
    const summary = async (...flags: string[]) =>
      (await run(['test', folder, ...flags])).stdout
        .split('\n')
        .at(-2)
        ?.replace(/ in .*/, '');
    expect(await summary('--only', 'GOOD')).toBe('1 case: 1 passed');
    expect(await summary('--only', 'later')).toBe('1 case: 0 passed, 1 skipped');
    expect(await summary('--tag', 'slow')).toBe('1 case: 0 passed, 1 failed');
    expect(await summary('--tag', '!slow', '-v')).toBe('2 cases: 1 passed, 1 skipped');
  });

  it('tests the configuration that is named on the command line or in the fixture', async () => {
    write('config/values.yaml', '{ global: { hub: example.com, tag: v9, proxy: { image: proxyv2 } } }');
    write(
      'config/config.yaml',
      'policy: enabled\ntemplates:\n  sidecar: |\n    spec:\n      containers:\n      - name: proxy\n        image: {{ .ProxyImage }}\n',
    );
    const fixture = 'asserts: [{ path: "spec.containers[proxy].image", equals: "example.com/proxyv2:v1" }]\n';
    write('a.test.yaml', fixture);
    write('b.test.yaml', `configuration: config\n${fixture}`);
    write('c.test.yaml', `configuration: none\n${fixture}`);
    const one = await run(['test', path('a.test.yaml'), '-c', path('config')]);
    expect(one.stdout).toContain('found     "example.com/proxyv2:v9"');
    expect(one.stdout).toContain(`template  ${path('config/config.yaml')}:7 (sidecar)`);
    expect((await run(['test', path('b.test.yaml')])).stdout).toContain('found     "example.com/proxyv2:v9"');
    expect((await run(['test', path('c.test.yaml')])).stdout).toMatch(/c\.test\.yaml:1[^]*none/);
    const wrong = await run(['test', path('a.test.yaml'), '-c', path('nowhere')]);
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain('nowhere');
  });

  it('takes nothing of the environment that it runs in', async () => {
    write('a.test.yaml', 'asserts: [{ path: "spec.initContainers[istio-proxy]", exists: true }]');
    expect((await run(['test', folder], '', false, { ENABLE_NATIVE_SIDECARS: 'false' })).code).toBe(0);
  });
});

/** Line of a file that has a text. */
function lineOf(file: string, text: string): number {
  return (
    readFileSync(join(repositoryRoot, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}

describe('the reports', () => {
  beforeEach(() => {
    write('a.test.yaml', good);
    write('b.test.yaml', `${bad}- name: "control \\x01 \\u2028 end"\n  expect: denied\n`);
    write('c.test.yaml', 'asert: <x>\n');
  });

  it('json has everything', async () => {
    const { code, stdout } = await run(['test', folder, '-o', 'json']);
    const report = JSON.parse(stdout) as { summary: object; cases: object[]; mistakes: object[] };
    expect(code).toBe(1);
    expect(report.summary).toMatchObject({ files: 3, cases: 4, passed: 1, failed: 2, skipped: 1, mistakes: 1 });
    expect(report.mistakes).toEqual([
      { file: path('c.test.yaml'), line: 1, message: 'unknown key asert; did you mean asserts?' },
    ]);
    expect(report.cases[1]).toMatchObject({
      file: path('b.test.yaml'),
      line: 3,
      suite: 'bad & <worse>',
      tags: ['slow'],
      status: 'failed',
      outcome: 'injected',
      failures: [
        {
          field: 'spec.initContainers[istio-proxy].resources.requests.cpu',
          condition: 'equals',
          expected: '1 (number)',
          found: '"100m" (string)',
          place: { line: 6 },
          source: { template: 'sidecar', values: ['values global.proxy.resources.requests.cpu'] },
        },
      ],
    });
    expect(report.cases[2]).toMatchObject({ status: 'skipped', skip: 'not yet' });
  });

  it('junit is valid', async () => {
    const { code, stdout } = await run(['test', folder, '-o', 'junit']);
    const schema = readFileSync(new URL('./support/junit.xsd', import.meta.url), 'utf8');
    const checked = await validateXML({ xml: [{ fileName: 'report.xml', contents: stdout }], schema: [schema] });
    expect([code, checked.valid, checked.errors]).toEqual([1, true, []]);
    expect(stdout).toContain('<testsuites name="outrigger test" tests="5" failures="2" errors="1" skipped="1" time="');
    expect(stdout).toContain('classname="bad &amp; &lt;worse&gt;" name="a &quot;wrong&quot; # tag"');
    expect(stdout).toContain(
      'message="spec.initContainers[istio-proxy].resources.requests.cpu: expected 1 (number), found &quot;100m&quot; (string)"',
    );
    expect(stdout).toContain('<skipped message="not yet"/>');
    expect(stdout).toContain('<error type="fixture" message="unknown key asert; did you mean asserts?">');
  });

  it('tap is valid', async () => {
    const { code, stdout } = await run(['test', folder, '-o', 'tap']);
    const points: Result[] = [];
    const summary = await new Promise<{ ok: boolean; count: number; failures: unknown[] }>((resolve) => {
      const parser = new Parser({ strict: true }, resolve as never);
      parser.on('assert', (point: Result) => points.push(point));
      parser.end(stdout);
    });
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['TAP version 14', '1..5']);
    expect(summary).toMatchObject({ ok: false, count: 5 });
    expect(points.map(({ ok, name, skip }) => [ok, name, skip])).toEqual([
      [true, 'good', false],
      [false, 'bad & <worse> › a "wrong" # tag', false],
      [true, 'bad & <worse> › later', 'not yet'],
      [false, 'bad & <worse> › control \u0001 end', false],
      [false, `${path('c.test.yaml')} can be used`, false],
    ]);
    const failures = points[1]?.diag?.['failures'] as unknown as { expected: string; found: string }[];
    expect(failures[0]).toMatchObject({ expected: '1 (number)', found: '"100m" (string)' });
    // What is no TAP is told in strict mode.
    expect(
      summary.failures.filter((failure) => String((failure as { tapError?: string }).tapError ?? '') !== ''),
    ).toEqual([]);
  });

  it('text has colours on a terminal', async () => {
    const { stdout } = await run(['test', folder], '', true);
    expect(stdout.includes('\u001b[')).toBe(pc.isColorSupported);
    const flags = { configuration: 'built-in', objects: [], clusterId: 'Kubernetes', istioNamespace: 'istio-system' };
    const terminal = { stdin: new PassThrough(), stdout: recorder(), stderr: recorder(), variables: {} };
    const found = await runFixtures([folder], flags as never, terminal as never);
    expect(renderText(found, pc.createColors(true), true)).toContain('\u001b[31mFAIL\u001b[39m');
  });
});

describe('golden files', () => {
  const fixture = 'name: whole\ngolden: golden/whole.yaml\n';

  /** Runs on a terminal on which somebody types. */
  async function answer(text: string, ...args: readonly string[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const [stdout, stderr] = [recorder(), Object.assign(recorder(), { isTTY: true })];
    setTimeout(() => stdin.write(text), 50);
    const code = await runCli(['test', folder, ...args], { stdin, stdout, stderr, variables: {} } as never);
    // Colours depend on the environment of the test: CI has them where a terminal without colours has none.
    return { code, stdout: stdout.text(), stderr: stripVTControlCharacters(stderr.text()) };
  }

  it('are written with --update --yes, shown first, and hold then', async () => {
    write('a.test.yaml', fixture);
    expect((await run(['test', folder])).stdout).toContain('note      Write it with --update.');
    const update = await run(['test', folder, '--update', '--yes']);
    expect([update.code, update.stderr]).toEqual([
      0,
      expect.stringContaining('+    image: registry.istio.io/release/proxyv2:1.30.3'),
    ]);
    expect(update.stderr).toContain('wrote 1 golden file');
    expect(read('golden/whole.yaml')).toMatch(/^apiVersion: v1\nkind: Pod\n/);
    expect((await run(['test', folder])).code).toBe(0);
    const again = await run(['test', folder, '--update']);
    expect([again.code, again.stderr]).toEqual([0, '']);
  });

  it('are not written where nobody can agree', async () => {
    write('a.test.yaml', fixture);
    const { code, stderr } = await run(['test', folder, '--update']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('1 golden file would change; give --yes')]);
    expect(() => read('golden/whole.yaml')).toThrow('ENOENT');
  });

  it('are written when the user agrees on a terminal', async () => {
    write('a.test.yaml', fixture);
    const no = await answer('\n', '--update');
    expect([no.code, no.stderr]).toEqual([1, expect.stringContaining('Write 1 golden file? [y/N]')]);
    expect(() => read('golden/whole.yaml')).toThrow('ENOENT');
    const yes = await answer('y\n', '--update');
    expect(yes.code).toBe(0);
    write('golden/whole.yaml', read('golden/whole.yaml').replace('example.com/app:1.0', 'old'));
    const changed = await answer('y\n', '--update');
    expect([changed.code, changed.stderr]).toEqual([
      0,
      expect.stringMatching(/-\s+- image: old\n.*\+\s+- image: example\.com\/app:1\.0/s),
    ]);
  });

  it('that two cases share must be the same', async () => {
    write(
      'a.test.yaml',
      'golden: g.yaml\ncases:\n'.replace('golden: g.yaml\n', '') +
        '- { golden: g.yaml }\n- { golden: g.yaml, labels: { a: x } }\n',
    );
    const { code, stderr } = await run(['test', folder, '--update', '--yes']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('a.test.yaml:3: another case gives a different pod')]);
  });

  it('do not hide other failures', async () => {
    write('a.test.yaml', `${fixture}reason: host-network\n`);
    const { code, stdout } = await run(['test', folder, '--update', '--yes']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('expected  host-network')]);
    expect(stdout).not.toContain('golden');
  });
});

describe('--watch', () => {
  it('runs again when fixtures, templates or values change, and ends cleanly', async () => {
    write('config/values.yaml', '{ global: { tag: v1 } }');
    write(
      'config/config.yaml',
      'policy: enabled\ntemplates:\n  sidecar: |\n    metadata: { annotations: { tag: "{{ .Values.global.tag }}" } }\n',
    );
    const fixture = (tag: string): string => `asserts: [{ path: metadata.annotations.tag, equals: ${tag} }]\n`;
    write('fixtures/a.test.yaml', fixture('v1'));
    const main = join(repositoryRoot, 'src/cli/main.ts');
    const child = spawn(process.execPath, [main, 'test', path('fixtures'), '-c', path('config'), '--watch']);
    onTestFinished(() => void child.kill());
    const exited = once(child, 'exit');
    let seen = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    }
    /** Waits for a complete run that says something, after those that were seen: a change may be noticed half made, and again. */
    const run = async (text: string): Promise<void> => {
      for (let begin = done; ;) {
        const end = seen.indexOf('waiting for changes', begin);
        if (end === -1) {
          if (child.exitCode !== null) throw new Error(`ended: ${seen}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        const said = seen.slice(begin, end);
        begin = end + 1;
        if (!said.includes(text)) continue;
        done = begin;
        return;
      }
    };
    let done = 0;
    await run('1 passed');
    write('config/values.yaml', '{ global: { tag: v2 } }');
    await run('found     "v2"');
    write('fixtures/a.test.yaml', fixture('v2'));
    await run('1 passed');
    // As editors write.
    write('config/next', 'policy: enabled\ntemplates:\n  sidecar: |\n    metadata: { annotations: { tag: other } }\n');
    renameSync(path('config/next'), path('config/config.yaml'));
    await run('found     "other"');
    write('fixtures/a.test.yaml', 'asert: x\n');
    await run('did you mean asserts?');
    rmSync(path('fixtures/a.test.yaml'));
    await run('there is no file');
    write('fixtures/b.test.yaml', fixture('other'));
    await run('1 passed');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
  });
});

describe('the fixtures of the built-in templates', () => {
  it('hold', () => {
    const report = execFileSync(
      process.execPath,
      [join(repositoryRoot, 'src/cli/main.ts'), 'test', 'templates/tests', '-o', 'json'],
      { cwd: repositoryRoot, encoding: 'utf8' },
    );
    const { summary, cases } = JSON.parse(report) as { summary: object; cases: { tags: string[]; suite: string }[] };
    expect(summary).toMatchObject({ failed: 0, skipped: 0, mistakes: 0 });
    const builtIn = cases.filter(({ tags }) => tags.includes('built-in')).map(({ suite }) => suite);
    expect([...new Set(builtIn)].sort()).toEqual(['gateway', 'grpc-agent', 'grpc-simple', 'sidecar']);
  });

  it('fail where a template is changed', async () => {
    cpSync(join(repositoryRoot, 'templates/tests'), path('tests'), { recursive: true });
    const values = readFileSync(join(repositoryRoot, 'templates/values.yaml'), 'utf8');
    write('config/values.yaml', values.replace('cpu: 100m', 'cpu: 150m'));
    cpSync(join(repositoryRoot, 'templates/mesh.yaml'), path('config/mesh.yaml'));
    const { code, stdout } = await run(['test', path('tests/sidecar.test.yaml'), '-c', path('config')]);
    expect(code).toBe(1);
    expect(stdout).toContain('"requests":{"cpu":"150m","memory":"128Mi"}');
    expect(stdout).toContain('+        cpu: 150m');
  });
});
