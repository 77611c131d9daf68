import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { carryOut } from '../../src/cluster/certificates/rotation.ts';
import { dataOf } from '../../src/cluster/certificates/secret.ts';
import { writeSelfSignedState } from '../../src/cluster/certificates/self-signed-state.ts';
import { servingNames, type CertificateMode } from '../../src/cluster/certificates/start.ts';
import { ApiClient } from '../../src/cluster/client.ts';
import { startLifeCycle, type LifeCycle } from '../../src/cluster/life-cycle.ts';
import { advisoryEntry } from '../../src/cluster/webhooks/configuration.ts';
import { recordingLog } from './support/log.ts';
import { ScriptedApiServer, until } from './support/scripted-api-server.ts';

const namespace = 'istio-system';
const host = `outrigger.${namespace}.svc`;
const secrets = `/api/v1/namespaces/${namespace}/secrets`;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const mutating = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const validating = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const gateways = `/apis/networking.istio.io/v1/namespaces/${namespace}/gateways`;
const day = 24 * 60 * 60 * 1000;
const selfSigned: CertificateMode = {
  kind: 'self-signed',
  secret: 'pair',
  lifetimes: { ca: 365 * day, certificate: 90 * day },
};

let api: ScriptedApiServer;
let running: { lifeCycle: LifeCycle; client: ApiClient; tls?: Http2SecureServer }[] = [];

beforeEach(async () => {
  api = await ScriptedApiServer.start();
  for (const path of [secrets, leases, mutating, validating, gateways]) api.define(path);
});
afterEach(async () => {
  for (const { lifeCycle, client, tls } of running) {
    await lifeCycle.stop();
    client.close();
    tls?.close();
  }
  running = [];
  await api.stop();
});

function start(
  certificates: CertificateMode = selfSigned,
  { variables = {}, manageFailurePolicy = false, revision = '' } = {},
) {
  const client = new ApiClient(api.credentials);
  const { log, lines } = recordingLog();
  const registry = new Registry();
  const shown: string[] = [];
  const lifeCycle = startLifeCycle({
    client,
    namespace,
    revision,
    serviceName: 'outrigger',
    certificates,
    manageFailurePolicy,
    variables,
    log,
    registry,
    onCertificate: ({ cert }) => shown.push(new X509Certificate(cert).serialNumber),
  });
  const one = { lifeCycle, client, lines, registry, shown };
  running.push(one);
  return one;
}

type Entry = { name: string; clientConfig: { caBundle?: string }; failurePolicy?: string };
const webhookEntry = (name: string, failurePolicy = 'Ignore'): object => ({
  name,
  clientConfig: { service: { name: 'outrigger', namespace } },
  failurePolicy,
});

function putConfiguration(path: string, name: string, entries: object[], revision = 'default'): void {
  api.put(path, { metadata: { name, labels: { 'istio.io/rev': revision } }, webhooks: entries } as never);
}

const entriesOf = (path: string, name: string): Entry[] =>
  (api.get(path, name) as unknown as { webhooks: Entry[] }).webhooks;

const bundleOf = (path: string, name: string): string =>
  Buffer.from(entriesOf(path, name)[0]?.clientConfig.caBundle ?? '', 'base64').toString();

/** Whether the first entry of the injector has the CA of the Secret. */
const hasBundle = (): boolean => secretText('ca.crt') !== '' && bundleOf(mutating, 'injector') === secretText('ca.crt');

function secretText(key: string): string {
  const secret = api.get(secrets, 'pair') as unknown as { data: Record<string, string> } | undefined;
  return Buffer.from(secret?.data[key] ?? '', 'base64').toString();
}

async function putSecret(at = new Date(), without: string[] = []): Promise<string> {
  const state = await carryOut(
    { reason: 'first', kept: [], signer: 'new', addsSuccessor: false },
    {
      now: at,
      lifetimes: { ca: 365 * day, certificate: 90 * day },
      names: servingNames('outrigger', namespace),
      isTrusted: () => true,
    },
  );
  const data = dataOf(writeSelfSignedState(state));
  const kept = Object.fromEntries(Object.entries(data).filter(([key]) => !without.includes(key)));
  api.put(secrets, { metadata: { name: 'pair', namespace }, data: kept } as never);
  return state.leaf.serialNumber;
}

const writes = (path: string): string[] =>
  api.requests.filter((request) => request.startsWith(path) && request.includes('fieldManager'));

/** The serial number of what a server shows to a client that trusts `ca`. */
async function shake(tls: Http2SecureServer, ca: string): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port: (tls.address() as AddressInfo).port,
    ca,
    servername: host,
    ALPNProtocols: ['h2'],
  });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

describe('a certificate of our own', () => {
  it('is made once for replicas that start at once, and all show the same', async () => {
    const replicas = [start(), start(), start()];
    await Promise.all(replicas.map(({ lifeCycle }) => lifeCycle.certificate));
    const { serialNumber } = new X509Certificate(secretText('tls.crt'));
    await until('all show it', () => replicas.every(({ shown }) => shown.at(-1) === serialNumber));
    expect(replicas.flatMap(({ shown }) => shown)).toHaveLength(3);
    expect(replicas[0]?.lifeCycle.describe()).toContainEqual(
      expect.stringMatching(/^\[\+\]certificate valid until 20/),
    );
  });

  it('is taken from the Secret when that has it', async () => {
    const serial = await putSecret();
    const { shown, lifeCycle } = start();
    await lifeCycle.certificate;
    expect(shown).toEqual([serial]);
    expect(writes(secrets)).toEqual([]);
  });

  it('is put into a Secret that was made empty for it', async () => {
    api.put(secrets, { metadata: { name: 'pair', namespace, labels: { team: 'mesh' } }, data: null } as never);
    await start().lifeCycle.certificate;
    await until('it is written', () => secretText('tls.crt') !== '');
    expect(api.get(secrets, 'pair')).toMatchObject({ metadata: { labels: { team: 'mesh' } } });
  });

  it('is renewed when its time has come, by the leader', async () => {
    const old = await putSecret(new Date(Date.now() - 61 * day));
    const replicas = [start(), start(), start()];
    await until('it is renewed', () => new X509Certificate(secretText('tls.crt')).serialNumber !== old);
    const fresh = new X509Certificate(secretText('tls.crt')).serialNumber;
    await until('all show it', () => replicas.every(({ shown }) => shown.at(-1) === fresh));
    expect(writes(secrets)).toHaveLength(1);
  });

  it('is replaced at once when it has expired', async () => {
    const old = await putSecret(new Date(Date.now() - 91 * day));
    const { shown } = start();
    await until('it is replaced', () => shown.length > 0 && shown.at(-1) !== old);
  });

  it('is written again when the Secret is deleted or damaged', async () => {
    const { lifeCycle, lines } = start();
    await lifeCycle.certificate;
    const pair = secretText('tls.key');
    api.remove(secrets, 'pair', namespace);
    await until('it is there again', () => api.get(secrets, 'pair') !== undefined);
    expect(secretText('tls.key')).toBe(pair);
    const { metadata, data } = api.get(secrets, 'pair') as unknown as { metadata: never; data: object };
    api.put(secrets, { metadata, data: { ...data, 'tls.crt': 'eA==' } } as never);
    await until('it is whole again', () => secretText('tls.crt') !== 'x');
    expect(secretText('tls.key')).toBe(pair);
    expect(lines.join('\n')).toContain('tls.crt of Secret istio-system/pair is missing or damaged: it is written anew');
  });

  it('does not take the place of what somebody else made', async () => {
    await putSecret(new Date(), ['ca.key']);
    const { lines } = start();
    await until('it is said', () => lines.some((line) => line.includes('was made by somebody else')));
    expect(writes(secrets)).toEqual([]);
  });

  it('is waited for while the API server is away, and the log says so', async () => {
    api.override = () => ({ status: 500, body: 'out of order' });
    const { lifeCycle, lines } = start();
    await until('it is said', () => lines.some((line) => line.includes('cannot read Secret istio-system/pair')));
    expect(lifeCycle.describe()).toContain('[-]certificate not there yet');
    api.override = () => undefined;
    await lifeCycle.certificate;
  });
});

describe('a server', () => {
  it('shows each new certificate without a restart', async () => {
    const { lifeCycle, shown } = start();
    const { cert, key } = await lifeCycle.certificate;
    const tls = createSecureServer({ cert, key }).listen(0, '127.0.0.1');
    await once(tls, 'listening');
    Object.assign(running[0] ?? {}, { tls });
    lifeCycle.keepFresh(tls, { minVersion: 'TLSv1.3' });
    const first = secretText('ca.crt');
    expect(await shake(tls, first)).toBe(shown[0]);
    const serial = await putSecret();
    await until('the new one is shown', () => shown.at(-1) === serial);
    expect(await shake(tls, secretText('ca.crt'))).toBe(serial);
  });
});

describe('files', () => {
  it('are read again when they change; unusable ones are named and the last good stays', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outrigger-files-'));
    const write = (): void => {
      for (const name of ['tls.crt', 'tls.key', 'ca.crt']) writeFileSync(join(folder, name), secretText(name));
    };
    const first = await putSecret();
    write();
    const [cert, key, ca] = ['tls.crt', 'tls.key', 'ca.crt'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const { shown, lines, lifeCycle } = start({ kind: 'files', files: { cert, key, ca } });
    await until('the first is shown', () => shown.at(-1) === first);
    writeFileSync(cert, 'nonsense');
    await until('it is said', () => lines.some((line) => line.includes(`${cert} is not in PEM form`)));
    expect(lifeCycle.describe().join('\n')).toContain('certificate not replaced');
    const second = await putSecret();
    write();
    await until('the second is shown', () => shown.at(-1) === second);
    expect(lifeCycle.describe().join('\n')).not.toContain('certificate not replaced');
    rmSync(folder, { recursive: true });
  });

  it('that are missing are waited for', async () => {
    const { lines } = start({ kind: 'files', files: { cert: '/nowhere/tls.crt', key: '/nowhere/tls.key' } });
    await until('it is said', () =>
      lines.some((line) => line.includes('cannot read the serving certificate /nowhere/tls.crt')),
    );
  });
});

describe('a Secret of somebody else', () => {
  const given: CertificateMode = { kind: 'secret', secret: 'pair' };

  it('is taken, and each change once the webhook configurations have its CA', async () => {
    putConfiguration(mutating, 'injector', [webhookEntry('a.sidecar-injector.istio.io')]);
    const first = await putSecret();
    const { shown } = start(given);
    await until('the bundle is set', hasBundle);
    const old = secretText('ca.crt');
    const second = await putSecret();
    await until('both CAs are in the bundle', () => bundleOf(mutating, 'injector') === old + secretText('ca.crt'));
    expect(shown).toEqual([first]);
    await until('the second is shown', () => shown.at(-1) === second);
    expect(writes(secrets)).toEqual([]);
  });

  it('that is missing, or cannot be used, is named', async () => {
    const { lines, shown } = start(given);
    await until('it is said', () => lines.some((line) => line.includes('Secret istio-system/pair does not exist')));
    await putSecret(new Date(), ['tls.key']);
    await until('it is said', () =>
      lines.some((line) => line.includes('tls.key of Secret istio-system/pair is empty')),
    );
    const serial = await putSecret();
    await until('it is shown', () => shown.at(-1) === serial);
  });
});

describe('webhook configurations', () => {
  it('of ours get the bundle, and again when it is overwritten; then the log names who did it', async () => {
    putConfiguration(mutating, 'injector', [
      webhookEntry('a.sidecar-injector.istio.io', 'Fail'),
      webhookEntry('other.example.com'),
    ]);
    putConfiguration(validating, 'validator', [webhookEntry('rev.validation.istio.io')]);
    putConfiguration(mutating, 'canary', [webhookEntry('a.sidecar-injector.istio.io')], 'canary');
    const { lines, registry } = start();
    await until('they have it', () =>
      [bundleOf(mutating, 'injector'), bundleOf(validating, 'validator')].every(
        (text) => text !== '' && text === secretText('ca.crt'),
      ),
    );
    expect(entriesOf(mutating, 'injector')[1]?.clientConfig.caBundle).toBeUndefined();
    expect(bundleOf(mutating, 'canary')).toBe('');
    await until('Ignore is told', () =>
      lines.some((line) => line.includes('failurePolicy of ValidatingWebhookConfiguration validator could be Fail')),
    );

    const fieldsV1 = {
      'f:webhooks': { 'k:{"name":"a.sidecar-injector.istio.io"}': { 'f:clientConfig': { 'f:caBundle': {} } } },
    };
    const [entry] = entriesOf(mutating, 'injector');
    const { metadata } = api.get(mutating, 'injector') as unknown as { metadata: object };
    const clientConfig = { ...entry?.clientConfig, caBundle: 'eA==' };
    api.put(mutating, {
      metadata: { ...metadata, managedFields: [{ manager: 'flux', fieldsV1 }] },
      webhooks: [{ ...entry, clientConfig }],
    } as never);
    await until('it is healed', hasBundle);
    expect(lines.filter((line) => line.includes('overwrote'))).toEqual([
      'warn the field manager "flux" overwrote caBundle of MutatingWebhookConfiguration injector: it is set again',
    ]);
    const metrics = await registry.metrics();
    expect(metrics).toContain('webhook_patch_attempts_total{name="sidecar-injector.istio.io"} 2');
    expect(metrics).toContain('webhook_patch_failures_total{name="canary",reason="wrong_revision"} 1');
    expect(metrics).toContain('galley_validation_config_updates 1');
    expect(metrics).toContain(
      'outrigger_webhook_ca_bundle_overwritten_total{kind="MutatingWebhookConfiguration",name="injector",manager="flux"} 1',
    );
  });

  it('are written by one replica alone', async () => {
    putConfiguration(mutating, 'injector', [webhookEntry('a.sidecar-injector.istio.io')]);
    const replicas = [start(), start(), start()];
    await Promise.all(replicas.map(({ lifeCycle }) => lifeCycle.certificate));
    await until('it has it', hasBundle);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(writes(mutating)).toHaveLength(1);
  });

  it('that cannot be written are tried again, ever later', async () => {
    putConfiguration(mutating, 'injector', [webhookEntry('a.sidecar-injector.istio.io')]);
    api.override = ({ path, query }) =>
      path.startsWith(`${mutating}/`) && query.has('fieldManager')
        ? { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'not allowed' } }
        : undefined;
    const { lines, registry } = start();
    await until('it was tried', () => writes(mutating).length >= 4);
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      'error caBundle of MutatingWebhookConfiguration injector cannot be set: not allowed',
    ]);
    await expect
      .poll(() => registry.metrics())
      .toMatch(/webhook_patch_failures_total\{name="injector",reason="webhook_update_failure"\} ([4-9]|\d\d)/);
    api.override = () => undefined;
    await until('it has it', hasBundle);
  });

  it('are left alone where nobody knows which CA to trust', async () => {
    putConfiguration(mutating, 'injector', [webhookEntry('a.sidecar-injector.istio.io')]);
    await putSecret(new Date(), ['ca.crt', 'ca.key']);
    const { registry, lifeCycle } = start({ kind: 'secret', secret: 'pair' });
    await lifeCycle.certificate;
    await until('we lead', () => lifeCycle.describe().includes('[+]leader this replica'));
    await expect
      .poll(() => registry.metrics())
      .toContain('webhook_patch_failures_total{name="injector",reason="load_ca_bundle_failure"} 1');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(writes(mutating)).toEqual([]);
  });

  it("are not even read where Istio's variables are empty", async () => {
    const variables = { INJECTION_WEBHOOK_CONFIG_NAME: '', VALIDATION_WEBHOOK_CONFIG_NAME: '' };
    await start(selfSigned, { variables }).lifeCycle.certificate;
    expect(api.requests.filter((path) => path.includes('webhookconfigurations'))).toEqual([]);
  });

  it('fail closed, where that is asked for, once invalid configuration is refused', async () => {
    const entries = [webhookEntry('rev.validation.istio.io'), webhookEntry(advisoryEntry)];
    putConfiguration(validating, 'validator', entries, 'canary');
    // The name of the probe's object may be taken.
    api.put(gateways, { metadata: { name: 'invalid-gateway', namespace } });
    const { lines } = start(selfSigned, { manageFailurePolicy: true, revision: 'canary' });
    await until('the probe is not content', () =>
      lines.some((line) => line.includes('dummy invalid config not rejected')),
    );
    expect(entriesOf(validating, 'validator')[0]?.failurePolicy).toBe('Ignore');
    api.override = ({ path }) =>
      path.startsWith(gateways)
        ? {
            status: 400,
            body: { kind: 'Status', code: 400, message: 'admission webhook "rev" denied the request: no' },
          }
        : undefined;
    await until('it fails closed', () => entriesOf(validating, 'validator')[0]?.failurePolicy === 'Fail');
    expect(entriesOf(validating, 'validator')[1]?.failurePolicy).toBe('Ignore');
    expect(api.requests).toContainEqual(expect.stringMatching(/fieldManager=outrigger-failure-policy/));
    expect(api.get(leases, 'outrigger-leader-canary')).toBeDefined();
  });
});
