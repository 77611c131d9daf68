import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationFolder } from '../server/support/fixtures.ts';
import { run } from './support.ts';

const folder = configurationFolder();
const file = (name: string, text?: string): string => {
  if (text !== undefined) writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const flags = [
  '--inject-config',
  file('config.yaml'),
  '--inject-values',
  file('values.yaml'),
  '--mesh-config',
  file('mesh.yaml'),
];

const deployment = `# comment
kind: Deployment
apiVersion: apps/v1
metadata: {name: cart}
spec:
  template:
    spec:
      containers:
      - {name: app, image: app}
`;
const service = 'kind: Service   # stays\napiVersion: v1\n';
const hostPod = 'kind: Pod\nmetadata: {name: host}\nspec: {hostNetwork: true, containers: []}\n';

describe('outrigger inject', () => {
  it('writes injected workloads anew and everything else as it is', async () => {
    const { code, stdout, stderr } = await run([
      'inject',
      '-f',
      file('all.yaml', `${service}---\n${deployment}`),
      ...flags,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^kind: Service {3}# stays\napiVersion: v1\n---\napiVersion: apps\/v1\nkind: Deployment\n/);
    expect(stdout).toContain('image: example.com/istio/proxyv2:1.0');
    expect(stdout).toMatch(/\nstatus: \{\}\n---\n$/);
    expect(stdout).not.toContain('# comment');
  });

  it('reads stdin, several files and folders, in the order given', async () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    writeFileSync(join(many, 'b.yaml'), 'b: 1\n');
    writeFileSync(join(many, 'a.yml'), 'a: 1\n');
    writeFileSync(join(many, 'notes.txt'), 'not read');
    mkdirSync(join(many, 'below.yaml'));
    const { stdout } = await run(
      ['inject', '-f', many, '--filename', '-', file('c.yaml', 'c: 1\n'), ...flags],
      's: 1\n',
    );
    expect(stdout).toBe('a: 1\n---\nb: 1\n---\ns: 1\n---\nc: 1\n---\n');
  });

  it('writes to a file', async () => {
    const { code, stdout } = await run(['inject', '-f', '-', '-o', file('out.yaml'), ...flags], deployment);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(readFileSync(file('out.yaml'), 'utf8')).toContain('istio-proxy');
    const { stderr } = await run(['inject', '-f', '-', '-o', '/nowhere/out.yaml', ...flags], deployment);
    expect(stderr).toBe('Error: cannot write the output /nowhere/out.yaml: no such file or directory\n');
  });

  it('warns at the end of workloads that it leaves alone', async () => {
    const { code, stdout, stderr } = await run(['inject', '-f', '-', ...flags], `${hostPod}---\n${service}`);
    expect(code).toBe(0);
    expect(stdout).toContain('kind: Service');
    expect(stderr).toBe('\n===> Skipping injection because Pod "host" has host networking enabled\n');
  });

  it('stops at the first error; what was written stays written', async () => {
    const metadata = 'metadata: {annotations: {inject.istio.io/templates: none}}';
    const bad = deployment.replace('  template:\n', `  template:\n    ${metadata}\n`);
    const { code, stdout, stderr } = await run(['inject', '-f', '-', ...flags], `${hostPod}---\n${bad}---\n${service}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^kind: Pod\n[\s\S]*---\n$/);
    expect(stdout).not.toContain('Service');
    expect(stderr).toBe(
      '\n===> Skipping injection because Pod "host" has host networking enabled\n' +
        'Error: failed to run injection template: requested template "none" not found; have failing, sidecar\n',
    );
  });

  it('names the file of an error when there are several', async () => {
    const { code, stderr } = await run([
      'inject',
      '-f',
      file('good.yaml', service),
      '-f',
      file('bad.yaml', 'kind: ['),
      ...flags,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*bad\.yaml: error converting YAML to JSON: yaml: /);
  });

  it('takes a file without templates for the template itself', async () => {
    const template = file('template.yaml', 'metadata:\n  labels:\n    bare: "{{ .Revision }}-{{ .TypeMeta.Kind }}"\n');
    const { stdout } = await run(
      ['inject', '-f', '-', '--inject-config', template, '--revision', 'canary'],
      deployment,
    );
    expect(stdout).toContain('bare: canary-Deployment');
    const noYaml = file('no.yaml', 'metadata:\n  labels: {{ toJson .DeploymentMeta.Name | printf "{bare: %s}" }}\n');
    expect((await run(['inject', '-f', '-', '--inject-config', noYaml], deployment)).stdout).toContain('bare: cart');
  });

  it('reports a bad configuration with its place', async () => {
    const bad = file('bad-config.yaml', 'templates:\n  sidecar: |\n    a: {{ nofunc }}\n');
    const { code, stderr } = await run(['inject', '-f', '-', '--inject-config', bad], deployment);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*bad-config\.yaml:3.*function "nofunc" not defined\n$/);
  });

  it('injects natively only where it may: by variable, or when the nodes are known and new', async () => {
    const template = file('native.yaml', 'metadata:\n  labels:\n    native: "{{ .NativeSidecars }}"\n');
    const native = async (more: string[], variables = {}): Promise<string | undefined> => {
      const { stdout } = await run(
        ['inject', '-f', '-', '--inject-config', template, ...more],
        deployment,
        false,
        variables,
      );
      return /native: "(\w+)"/.exec(stdout)?.[1];
    };
    const node = (version: string): string =>
      file(
        `node-${version}.yaml`,
        `apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {nodeInfo: {kubeletVersion: ${version}}}\n`,
      );
    expect(await native([])).toBe('false');
    expect(await native([], { ENABLE_NATIVE_SIDECARS: 'true' })).toBe('true');
    expect(await native(['--objects', node('v1.34.0')])).toBe('true');
    expect(await native(['--objects', node('v1.30.0')])).toBe('false');
  });

  it('reads objects from a folder', async () => {
    const objects = join(folder, 'objects');
    mkdirSync(objects);
    cpSync(file('objects.yaml'), join(objects, 'nodes.yaml'));
    expect((await run(['inject', '-f', '-', '--objects', objects, ...flags], deployment)).code).toBe(0);
  });

  it('uses the built-in configuration where none is given', async () => {
    const { code, stdout } = await run(['inject', '-f', '-'], deployment);
    expect(code).toBe(0);
    expect(stdout).toContain('name: istio-proxy');
    expect(stdout).toContain('name: istio-init');
  });

  it('colours the word Error on a terminal only', async () => {
    const { stderr } = await run(['inject', '-f', '/nowhere'], '', true);
    expect(stderr).toContain('cannot read the resources /nowhere');
  });
});
