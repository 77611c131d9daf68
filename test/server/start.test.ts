import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/start.ts';
import { testCertificate } from './support/certificate.ts';
import { beginRequest, callHttps, type Answer } from './support/client.ts';
import { configurationFolder, podReview, recorder, sampleReview, serverOptions } from './support/fixtures.ts';

const json = { 'content-type': 'application/json' };
const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** A server on the small configuration, its log, and functions to talk to it. */
async function start(change: Partial<ServerOptions> = {}, variables: Record<string, string> = {}) {
  const folder = configurationFolder();
  const options = { ...(await serverOptions(folder)), ...change };
  const log = recorder();
  const server = await startServer(options, variables, await createLogger(log));
  running.push(server);
  const monitoring = async (path: string): Promise<{ status: number; text: string; type: string | null }> => {
    const response = await fetch(server.monitoring + path);
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  };
  const inject = (body: string, path = '/inject'): Promise<Answer> =>
    callHttps(server.https, { path, headers: json, body });
  const metric = async (name: string): Promise<number> => {
    const { text } = await monitoring('/metrics');
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
    );
  };
  return { server, folder, options, log, monitoring, inject, metric };
}

interface ReviewBody {
  readonly response: {
    readonly allowed: boolean;
    readonly patch?: string;
    readonly status?: { readonly message: string };
  };
}

const responseOf = (answer: Answer): ReviewBody['response'] => (JSON.parse(answer.body) as ReviewBody).response;
const patchOf = (answer: Answer): string => Buffer.from(responseOf(answer).patch ?? '', 'base64').toString();

describe('a server', () => {
  it('injects pods with the configuration of its files', async () => {
    const { inject } = await start();
    const answer = await inject(podReview());
    expect(responseOf(answer)).toMatchObject({ allowed: true });
    expect(patchOf(answer)).toContain('example.com/istio/proxyv2:1.0');
    expect(patchOf(answer)).toContain('"injected-by":"test"');
  });

  it('validates resources', async () => {
    const { inject, metric } = await start();
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'g', namespace: 'n' },
      spec: {},
    };
    const resource = { group: 'networking.istio.io', version: 'v1', resource: 'gateways' };
    const request = { uid: '1', operation: 'CREATE', kind: { kind: 'Gateway' }, resource, object };
    const send = (change: object): Promise<Answer> =>
      inject(
        JSON.stringify({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          request: { ...request, ...change },
        }),
        '/validate',
      );
    expect(responseOf(await send({}))).toMatchObject({ allowed: false });
    expect(responseOf(await send({ dryRun: true }))).toMatchObject({ allowed: false });
    expect(responseOf(await send({ operation: 'DELETE' }))).toMatchObject({ allowed: true });
    const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }];
    expect(responseOf(await send({ object: { ...object, spec: { servers } } }))).toMatchObject({ allowed: true });
    expect((await inject('', '/validate')).status).toBe(400);
    expect(responseOf(await inject('{}', '/validate'))).toMatchObject({ allowed: false });
    const labels = 'group="networking.istio.io",version="v1",resource="gateways"';
    expect(await metric(`galley_validation_passed{${labels}}`)).toBe(1);
    expect(await metric(`galley_validation_failed{${labels},reason="invalid_resource"}`)).toBe(1);
    expect(await metric(`galley_validation_failed{${labels},reason="unsupported_operation"}`)).toBe(1);
    expect(await metric('galley_validation_http_error{status="400"}')).toBe(1);
  });

  it('counts each request once as success, skip or failure', async () => {
    const { inject, metric } = await start();
    await inject(podReview());
    await inject(podReview());
    await inject(podReview({}, { hostNetwork: true }));
    await inject(podReview({ annotations: { 'inject.istio.io/templates': 'failing' } }));
    await inject('{}');
    await inject('');
    expect(await metric('sidecar_injection_requests_total')).toBe(6);
    expect(await metric('sidecar_injection_success_total')).toBe(2);
    expect(await metric('sidecar_injection_skip_total')).toBe(1);
    expect(await metric('sidecar_injection_failure_total')).toBe(3);
    expect(await metric('sidecar_injection_time_seconds_count')).toBe(5);
  });

  it('logs one line a decision, without the values of variables', async () => {
    const { inject, log } = await start();
    const before = log.lines().length;
    const env = [{ name: 'PASSWORD', value: 'hunter2' }];
    await inject(podReview({}, { containers: [{ name: 'app', env }] }));
    await inject(podReview({}, { hostNetwork: true }));
    await inject(podReview({ annotations: { 'inject.istio.io/templates': 'failing' } }), '/inject/net/n1');
    await inject(JSON.stringify({ password: 'hunter2', long: 'x'.repeat(10_000) }));
    const lines = log.lines().slice(before);
    expect(lines).toMatchObject([
      {
        level: 'info',
        msg: 'Process sidecar injection request',
        pod: 'shop/cart',
        uid: 'uid-1',
        outcome: 'injected',
        reason: 'policy-enabled',
      },
      { level: 'info', msg: 'Skipping due to policy check', outcome: 'skipped', reason: 'host-network' },
      { level: 'error', path: '/inject/net/n1', outcome: 'denied', reason: 'template-failed' },
      { level: 'error', outcome: 'denied', reason: 'review-undecodable' },
    ]);
    expect(lines[0]).not.toHaveProperty('warnings');
    expect(JSON.stringify(lines.slice(0, 3))).not.toContain('hunter2');
    expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(1000);
  });

  it('warns of settings that it does not understand', async () => {
    const { log } = await start({}, { ENABLE_NATIVE_SIDECARS: 'perhaps', COMPLIANCE_POLICY: 'none' });
    const warnings = log.lines().filter(({ level }) => level === 'warn');
    expect(warnings.map(({ msg }) => msg)).toEqual([
      'Unknown compliance policy none: TLS is not restricted',
      'Unknown value for ENABLE_NATIVE_SIDECARS: perhaps, defaulting to false',
    ]);
  });

  it('lets templates see the environment, the clock and random bytes', async () => {
    const folder = configurationFolder();
    const template =
      'metadata: {labels: {env: {{ env "SHOWN" "no" }}, year: "{{ now.Year }}", random: {{ randBytes 12 | quote }}}}';
    writeFileSync(join(folder, 'own.yaml'), `policy: enabled\ntemplates:\n  sidecar: |\n    ${template}\n`);
    const { inject } = await start({ injectConfig: join(folder, 'own.yaml') }, { SHOWN: 'here' });
    expect(patchOf(await inject(podReview()))).toMatch(/"env":"here","year":"20\d\d","random":"[A-Za-z0-9+/]{16}"/);
  });

  it('serves health, readiness and metrics over plain HTTP', async () => {
    const { monitoring, folder } = await start();
    expect(await monitoring('/healthz')).toMatchObject({ status: 200, text: 'ok' });
    expect(await monitoring('/readyz')).toMatchObject({ status: 200, text: 'ok' });
    const verbose = await monitoring('/readyz?verbose');
    expect(verbose.text).toMatch(/^\[\+\]server serving\n\[\+\]configuration generation 1 since \d{4}-.* from /);
    expect(verbose.text).toContain(join(folder, 'config.yaml'));
    expect(verbose.text).toMatch(/readyz check passed\n$/);
    const metrics = await monitoring('/metrics');
    expect(metrics.type).toContain('text/plain');
    for (const name of [
      'sidecar_injection_requests_total',
      'process_cpu_seconds_total',
      'outrigger_configuration_generation 1',
    ]) {
      expect(metrics.text).toContain(name);
    }
    expect(await monitoring('/nothing')).toMatchObject({ status: 404, text: '404 page not found\n' });
  });

  it('is not ready while it drains', async () => {
    const { server, monitoring } = await start();
    const slow = await beginRequest(server.https, podReview());
    running.length = 0;
    const stopped = server.stop();
    expect(await monitoring('/readyz')).toMatchObject({ status: 503, text: 'draining' });
    expect((await monitoring('/readyz?verbose')).text).toContain('[-]server draining');
    slow.finish();
    await stopped;
    await expect.poll(slow.answer).toContain('HTTP/1.1 200');
  });

  it('answers the sample review with the built-in configuration', async () => {
    const { inject, monitoring } = await start({
      injectConfig: undefined,
      injectValues: undefined,
      meshConfig: undefined,
      objects: [],
    });
    const answer = await inject(sampleReview);
    expect(responseOf(answer)).toMatchObject({ allowed: true });
    expect(patchOf(answer)).toContain('istio-proxy');
    expect((await monitoring('/readyz?verbose')).text).toContain('templates/config.yaml');
  });
});

describe('changed files', () => {
  const replace = (file: string, text: string): void => {
    writeFileSync(file, text);
  };

  it('are taken into use together', async () => {
    const { folder, inject, metric } = await start();
    replace(join(folder, 'values.yaml'), 'global: {hub: other.example.com, tag: "2.0"}\n');
    await expect.poll(async () => patchOf(await inject(podReview()))).toContain('other.example.com/proxyv2:2.0');
    expect(await metric('outrigger_configuration_generation')).toBe(2);
  });

  it('are refused together when one is bad: the old set keeps serving, and log, metric and readyz name the place', async () => {
    const { folder, inject, metric, monitoring, log } = await start();
    replace(join(folder, 'values.yaml'), 'global: {hub: other.example.com, tag: "2.0"}\n');
    replace(join(folder, 'config.yaml'), 'policy: enabled\ntemplates:\n  sidecar: |\n    a: b\n    c: {{ nofunc }}\n');
    await expect.poll(() => metric('outrigger_configuration_load_errors_total')).toBe(1);
    expect(patchOf(await inject(podReview()))).toContain('example.com/istio/proxyv2:1.0');
    const place = `${join(folder, 'config.yaml')}:5`;
    expect(log.text()).toContain(`configuration change refused: ${place}`);
    const { status, text } = await monitoring('/readyz?verbose');
    expect(status).toBe(200);
    expect(text).toContain('[-]configuration change refused at ');
    expect(text).toContain(place);
    expect(text).toContain('function \\"nofunc\\" not defined'.replaceAll('\\', ''));
    expect(await metric('outrigger_configuration_last_load_failed')).toBe(1);
    expect(await metric('outrigger_configuration_generation')).toBe(1);
    replace(join(folder, 'config.yaml'), 'policy: disabled\ntemplates: {sidecar: ""}\n');
    await expect.poll(() => metric('outrigger_configuration_generation')).toBe(2);
    expect(responseOf(await inject(podReview())).patch).toBeUndefined();
    expect((await monitoring('/readyz?verbose')).text).not.toContain('refused');
  });

  it('that are gone for a while change nothing', async () => {
    const { folder, inject, metric, log } = await start();
    const file = join(folder, 'mesh.yaml');
    rmSync(file);
    await expect.poll(() => metric('outrigger_configuration_last_load_failed')).toBe(1);
    expect(log.text()).toContain(`cannot read the mesh configuration ${file}: no such file or directory`);
    expect(responseOf(await inject(podReview()))).toMatchObject({ allowed: true });
    replace(file, 'trustDomain: example.org\n');
    await expect.poll(() => metric('outrigger_configuration_last_load_failed')).toBe(0);
    expect(await metric('outrigger_configuration_generation')).toBe(1);
  });

  it('of the certificate are taken into use, and bad ones are not', async () => {
    const { server, options, log } = await start();
    const other = await testCertificate();
    const target = options.certificates;
    writeFileSync(join(target, 'tls.crt'), 'damaged');
    await expect.poll(() => log.text()).toContain('serving certificate not replaced');
    const trusting = async (ca: string): Promise<number> =>
      (await callHttps(server.https, { method: 'GET', path: '/ready' }, { rejectUnauthorized: true, ca })).status;
    for (const name of ['tls.crt', 'tls.key']) cpSync(join(other.folder, name), join(target, name));
    await expect.poll(() => log.text()).toContain('serving certificate replaced');
    const { readFileSync } = await import('node:fs');
    expect(await trusting(readFileSync(join(other.folder, 'ca.crt'), 'utf8'))).toBe(200);
  });
});

describe('a start that cannot work ends with one sentence', () => {
  it.each([
    [
      'a missing configuration',
      { injectConfig: '/nowhere/config.yaml' },
      'cannot read the injector configuration /nowhere/config.yaml: no such file or directory',
    ],
    [
      'missing values',
      { injectValues: '/nowhere/values.yaml' },
      'cannot read the injector values /nowhere/values.yaml: no such file or directory',
    ],
    [
      'a folder as mesh configuration',
      { meshConfig: '/' },
      'cannot read the mesh configuration /: is a directory, not a file',
    ],
    ['missing objects', { objects: ['/nowhere'] }, 'cannot read the objects /nowhere: no such file or directory'],
    [
      'a missing certificate',
      { tlsCertFile: '/nowhere/tls.crt' },
      'cannot read the serving certificate /nowhere/tls.crt: no such file or directory',
    ],
    [
      'an address of another machine',
      { address: '192.0.2.1' },
      /cannot listen for monitoring on 192\.0\.2\.1:0: this machine does not have the address \(see --monitoring-port\)/,
    ],
  ])('for %s', async (_what, change, message) => {
    await expect(start(change)).rejects.toThrow(message);
  });

  it.each(['port', 'monitoringPort'] as const)('for a %s in use, and both ports are free again', async (flag) => {
    const occupied = createServer();
    await new Promise<void>((resolve) => occupied.listen(0, '127.0.0.1', resolve));
    const { port } = occupied.address() as AddressInfo;
    const name = flag === 'port' ? '--port' : '--monitoring-port';
    await expect(start({ [flag]: port })).rejects.toThrow(
      new RegExp(`127\\.0\\.0\\.1:${port}: the port is already in use \\(see ${name}\\)`),
    );
    occupied.close();
  });

  it.each([
    ['config.yaml', 'policy: [', /config\.yaml:2:1: /],
    [
      'config.yaml',
      'templates:\n  sidecar: |\n    a\n    {{ if }}\n',
      /config\.yaml:4:?\d*: template "sidecar": template: inject:2: missing value for if/,
    ],
    ['values.yaml', 'a: b: c', /values\.yaml:1:\d+: /],
    ['mesh.yaml', 'connectTimeout: soon', /mesh\.yaml(?::1)?/],
    ['objects.yaml', 'kind: Node\n---\na: [', /objects\.yaml:\d/],
  ])('for a bad %s: %j', async (file, text, message) => {
    const folder = configurationFolder();
    writeFileSync(join(folder, file), text);
    const options = await serverOptions(folder);
    await expect(startServer(options, {}, await createLogger(recorder()))).rejects.toThrow(message);
  });
});
