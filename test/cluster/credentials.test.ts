import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ApiClient } from '../../src/cluster/client.ts';
import { loadCredentials, serviceAccountCredentials } from '../../src/cluster/credentials.ts';
import { scratchFolder } from '../server/support/certificate.ts';
import { ScriptedApiServer } from './support/scripted-api-server.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Kubeconfig {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: string;
}

function kubeconfig(server: string, { cluster = {}, user = {}, context = 'c' }: Kubeconfig = {}): string {
  const file = join(scratchFolder(), 'config');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'k', cluster: { server, 'certificate-authority-data': base64('CA'), ...cluster } }],
    users: [{ name: 'u', user: { token: 'secret', ...user } }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    'current-context': context,
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('credentials', () => {
  it('come from a kubeconfig: server, CA, token', async () => {
    const { server, forRequest } = await loadCredentials(kubeconfig('https://api.example.com:6443/prefix'), {});
    expect(server.href).toBe('https://api.example.com:6443/prefix');
    const { ca, headers, agent } = await forRequest();
    expect(String(ca)).toBe('CA');
    expect(headers).toEqual({ Authorization: 'Bearer secret' });
    expect(agent).toBeUndefined();
  });

  it('come from a kubeconfig: a client certificate, and the name to check', async () => {
    const user = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY'), token: undefined };
    const file = kubeconfig('https://x', { user, cluster: { 'tls-server-name': 'kubernetes' } });
    const { cert, key, servername } = await (await loadCredentials(file, {})).forRequest();
    expect([String(cert), String(key), servername]).toEqual(['CERT', 'KEY', 'kubernetes']);
  });

  it('are read anew for each call, where they are in a file', async () => {
    const tokenFile = join(scratchFolder(), 'ca');
    writeFileSync(tokenFile, 'one');
    const cluster = { 'certificate-authority': tokenFile, 'certificate-authority-data': undefined };
    const { forRequest } = await loadCredentials(kubeconfig('https://x', { cluster }), {});
    expect(String((await forRequest()).ca)).toBe('one');
    writeFileSync(tokenFile, 'two');
    expect(String((await forRequest()).ca)).toBe('two');
  });

  it('go through the proxy of a kubeconfig', async () => {
    const file = kubeconfig('https://x', { cluster: { 'proxy-url': 'http://proxy.example.com:3128' } });
    expect((await (await loadCredentials(file, {})).forRequest()).agent).toBeDefined();
  });

  it('come from the flag, before KUBECONFIG, before the home directory', async () => {
    const [flag, variable] = [kubeconfig('https://flag'), kubeconfig('https://variable')];
    const home = scratchFolder();
    mkdirSync(join(home, '.kube'));
    writeFileSync(
      join(home, '.kube/config'),
      `{clusters: [{name: k, cluster: {server: "https://home"}}], users: [{name: u, user: {}}], contexts: [{name: c, context: {cluster: k, user: u}}], current-context: c}`,
    );
    const serverOf = async (file: string | undefined, variables: object): Promise<string> =>
      (await loadCredentials(file, { HOME: home, ...variables })).server.hostname;
    expect(await serverOf(flag, { KUBECONFIG: variable })).toBe('flag');
    expect(await serverOf(undefined, { KUBECONFIG: variable })).toBe('variable');
    expect(await serverOf(undefined, {})).toBe('home');
    expect(await serverOf(undefined, { KUBECONFIG: '' })).toBe('home');
  });

  it('are merged from several files of KUBECONFIG, whose first context counts', async () => {
    const other = join(scratchFolder(), 'other');
    writeFileSync(
      other,
      '{clusters: [{name: k2, cluster: {server: "https://other"}}], contexts: [{name: c2, context: {cluster: k2, user: u}}], current-context: c2}',
    );
    const first = kubeconfig('https://first');
    expect((await loadCredentials(undefined, { KUBECONFIG: `${first}:${other}` })).server.hostname).toBe('first');
    expect((await loadCredentials(undefined, { KUBECONFIG: `${other}:${first}` })).server.hostname).toBe('other');
  });

  it.each([
    [
      'missing',
      () => '/nonexistent/config',
      'FILE_NOT_READABLE',
      /cannot read the kubeconfig \/nonexistent\/config: no such file/,
    ],
    ['no YAML', () => fileWith('a: ['), 'KUBECONFIG_INVALID', /is not a kubeconfig/],
    ['empty', () => fileWith(''), 'KUBECONFIG_INVALID', /is not a kubeconfig/],
    ['without a context', () => fileWith('{}'), 'KUBECONFIG_INVALID', /has no current context with a cluster/],
    [
      'with a context that does not exist',
      () => kubeconfig('https://x', { context: 'z' }),
      'KUBECONFIG_INVALID',
      /has no current context/,
    ],
    [
      'without TLS',
      () => kubeconfig('http://x'),
      'KUBECONFIG_INVALID',
      /the server http:\/\/x is not an https:\/\/ URL/,
    ],
  ])('are refused when the kubeconfig is %s', async (_what, file, code, message) => {
    const failed = loadCredentials(file(), {});
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ name: 'StartupError', code });
  });

  it('are asked for when there are none', async () => {
    const failed = loadCredentials(undefined, { HOME: scratchFolder() });
    await expect(failed).rejects.toThrow(/no API server is known: give --kubeconfig/);
  });

  it('of a pod are read anew for each call, since tokens expire', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'ca.crt'), 'CA');
    writeFileSync(join(folder, 'token'), 'one\n');
    const { server, forRequest } = serviceAccountCredentials('10.0.0.1', '443', folder);
    expect(server.href).toBe('https://10.0.0.1/');
    expect((await forRequest()).headers).toEqual({ authorization: 'Bearer one' });
    writeFileSync(join(folder, 'token'), 'two\n');
    expect((await forRequest()).headers).toEqual({ authorization: 'Bearer two' });
    expect(serviceAccountCredentials('fd00::1', '6443', folder).server.href).toBe('https://[fd00::1]:6443/');
  });
});

describe('a client in a pod', () => {
  it('calls with the token of the moment', async () => {
    const server = await ScriptedApiServer.start();
    const folder = scratchFolder();
    writeFileSync(join(folder, 'ca.crt'), String((await server.credentials.forRequest()).ca));
    const client = new ApiClient(serviceAccountCredentials('127.0.0.1', String(server.port), folder));
    for (const token of ['one', 'two']) {
      writeFileSync(join(folder, 'token'), token);
      await client.list({ group: '', version: 'v1', resource: 'nodes' });
      expect(server.lastHeaders.authorization).toBe(`Bearer ${token}`);
    }
    client.close();
    await server.stop();
  });

  it('says when the files of its service account cannot be read', async () => {
    const client = new ApiClient(serviceAccountCredentials('127.0.0.1', '1', '/nonexistent'));
    const failed = client.list({ group: '', version: 'v1', resource: 'nodes' });
    await expect(failed).rejects.toThrow(/cannot reach the API server https:\/\/127\.0\.0\.1:1: .*ca\.crt/);
  });
});

function fileWith(text: string): string {
  const file = join(scratchFolder(), 'config');
  writeFileSync(file, text);
  return file;
}
