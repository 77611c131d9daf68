import { readFileSync, statSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKept } from '../../../src/cluster/certificates/kept.ts';
import type { CertificateMode } from '../../../src/cluster/certificates/start.ts';
import { ApiClient } from '../../../src/cluster/client.ts';
import { startLifeCycle, type LifeCycle } from '../../../src/cluster/life-cycle.ts';
import { recordingLog } from '../support/log.ts';
import { ScriptedApiServer, until } from '../support/scripted-api-server.ts';

const namespace = 'istio-system';
const host = `outrigger.${namespace}.svc`;
const secrets = `/api/v1/namespaces/${namespace}/secrets`;
const day = 24 * 60 * 60 * 1000;
const selfSigned: CertificateMode = {
  kind: 'self-signed',
  secret: 'pair',
  lifetimes: { ca: 365 * day, certificate: 90 * day },
};
const away = (): { status: number; body: string } => ({ status: 500, body: 'out of order' });

let api: ScriptedApiServer;
let folder: string;
let lastGoodFile: string;
let keptFile: string;
const running = new Set<() => Promise<void>>();

beforeEach(async () => {
  api = await ScriptedApiServer.start();
  const registration = '/apis/admissionregistration.k8s.io/v1';
  api.define(secrets);
  api.define(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`);
  for (const type of ['mutating', 'validating']) api.define(`${registration}/${type}webhookconfigurations`);
  folder = mkdtempSync(join(tmpdir(), 'outrigger-kept-'));
  lastGoodFile = join(folder, 'last-good.json');
  keptFile = `${lastGoodFile}.certificate`;
});
afterEach(async () => {
  for (const stop of running) await stop();
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(certificates = selfSigned): {
  lifeCycle: LifeCycle;
  lines: string[];
  shown: string[];
  stop: () => Promise<void>;
} {
  const client = new ApiClient(api.credentials);
  const { log, lines } = recordingLog();
  const shown: string[] = [];
  const lifeCycle = startLifeCycle({
    ...{ client, namespace, certificates, log, lastGoodFile, patience: 100 },
    ...{ revision: '', serviceName: 'outrigger', manageFailurePolicy: false, variables: {} },
    registry: new Registry(),
    onCertificate: ({ cert }) => shown.push(cert),
  });
  const stop = async (): Promise<void> => {
    running.delete(stop);
    await lifeCycle.stop();
    client.close();
  };
  running.add(stop);
  return { lifeCycle, lines, shown, stop };
}

/** Runs until a certificate is kept, and ends. */
async function keepOne(): Promise<string> {
  const { lifeCycle, stop } = start();
  const { cert } = await lifeCycle.certificate;
  await until('it is kept', () => statSync(keptFile, { throwIfNoEntry: false }) !== undefined);
  await stop();
  return cert;
}

describe('the certificate that is kept', () => {
  it('is in a file of its own that only we may read', async () => {
    await keepOne();
    expect(statSync(keptFile).mode & 0o777).toBe(0o600);
    expect((await readKept(keptFile, host, new Date()))?.key).toContain('PRIVATE KEY');
  });

  it('is taken by a start while the API server is away, and the newest one afterwards', async () => {
    const cert = await keepOne();
    api.override = away;
    const { lifeCycle, lines, shown } = start();
    expect((await lifeCycle.certificate).cert).toBe(cert);
    expect(lines).toContain('warn the API server is away: taking the serving certificate that was kept');
    api.remove(secrets, 'pair', namespace);
    api.override = () => undefined;
    await until('there is another', () => shown.length === 2);
    await until('it is kept', () => readFileSync(keptFile, 'utf8').includes(JSON.stringify(shown[1])));
  });

  it('is left alone while the API server answers, whatever that says', async () => {
    await keepOne();
    api.remove(secrets, 'pair', namespace);
    const { lifeCycle, lines } = start({ kind: 'secret', secret: 'pair' });
    await until('it is missed', () => lines.some((line) => line.includes('does not exist')));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(lifeCycle.describe()).toContain('[-]certificate not there yet');
  });

  it.each([
    ['not ours', '{"version":2}', /is not a certificate that was saved by this version/],
    ['cut off', '{"version":1,', /is not a certificate that was saved by this version/],
    ['without key', '{"version":1}', /last-good\.json\.certificate is empty/],
  ])('is named and not used when the file is %s', async (_what, text, message) => {
    writeFileSync(keptFile, text);
    api.override = away;
    const { lifeCycle, lines } = start();
    await until('it is said', () => lines.some((line) => message.test(line)));
    expect(lifeCycle.describe()).toContain('[-]certificate not there yet');
  });

  it('is not used when it has expired, or is for another name', async () => {
    await keepOne();
    await expect(readKept(keptFile, host, new Date(Date.now() + 91 * day))).rejects.toThrow(/expired on/);
    await expect(readKept(keptFile, 'other.istio-system.svc', new Date())).rejects.toThrow(/is not for other/);
  });

  it('is no reason to end when it cannot be written', async () => {
    lastGoodFile = join(folder, 'none/last-good.json');
    const { lifeCycle, lines } = start();
    await lifeCycle.certificate;
    await until('it is said', () => lines.some((line) => line.includes('cannot keep the serving certificate')));
  });
});
