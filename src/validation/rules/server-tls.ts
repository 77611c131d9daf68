/** TLS settings of ports that proxies listen on: Gateway servers and Sidecar ingress listeners. */
import type { ServerTLSSettings } from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';

const cipherSuites: ReadonlySet<string> = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
  'ALL',
  '',
]);

/** How many server certificates Envoy can choose from: one RSA and one ECDSA. */
const maxServerCertificates = 2;

/** Checks server TLS settings. */
export function checkServerTls(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  checkCipherSuites(result, path, tls);
  if (tls.mode === 'ISTIO_MUTUAL') {
    checkIstioMutual(result, path, tls);
    return;
  }
  if (tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH') {
    checkPassthrough(result, path, tls);
  }
  checkCertificateSources(result, path, tls);
  const terminates = tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL';
  if (terminates) {
    if (tls.credentialName !== '' || tls.credentialNames.length > 0) return;
    checkServerCertificates(result, path, tls);
  }
  checkCrl(result, path, tls);
}

function checkCipherSuites(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  const suites = tls.cipherSuites;
  const outdated = tls.minProtocolVersion === 'TLSV1_0' || tls.minProtocolVersion === 'TLSV1_1';
  if (outdated && suites.length === 0) {
    const message =
      'TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.';
    result.warn(path.at('minProtocolVersion'), problem('server-tls-cipher-suites', message));
  }
  if (suites.length === 0) return;
  const unknown = new Set<string>();
  const repeated = new Set<string>();
  const seen = new Set<string>();
  for (const suite of suites) {
    if (!isCipherSuite(suite)) unknown.add(suite);
    else if (seen.has(suite)) repeated.add(suite);
    else seen.add(suite);
  }
  warnOfSuites(result, path, 'invalid', unknown);
  warnOfSuites(result, path, 'duplicate', repeated);
}

/** Anything that starts with a sign is an expression of OpenSSL's cipher list language and passes. */
function isCipherSuite(suite: string): boolean {
  return cipherSuites.has(suite) || !/^[A-Za-z0-9\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff]/.test(firstByte(suite));
}

function firstByte(text: string): string {
  return String.fromCharCode(Buffer.from(text.slice(0, 2))[0] ?? 0);
}

function warnOfSuites(result: Result, path: FieldPath, what: string, suites: ReadonlySet<string>): void {
  if (suites.size === 0) return;
  const list = [...suites].sort().join(' ');
  result.warn(
    path.at('cipherSuites'),
    problem('server-tls-cipher-suites', `ignoring ${what} cipher suites: [${list}]`),
  );
}

function checkIstioMutual(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  const forbidden = [
    ['serverCertificate', 'server certificate', tls.serverCertificate !== ''],
    ['privateKey', 'private key', tls.privateKey !== ''],
    ['caCertificates', 'CA bundle', tls.caCertificates !== ''],
    ['tlsCertificates', 'tlsCertificates', tls.tlsCertificates.length > 0],
    ['credentialName', 'credentialName', tls.credentialName !== ''],
    ['credentialNames', 'credentialNames', tls.credentialNames.length > 0],
  ] as const;
  for (const [field, name, isSet] of forbidden) {
    if (!isSet) continue;
    result.error(path.at(field), problem('server-tls-conflict', `ISTIO_MUTUAL TLS cannot have associated ${name}`));
  }
}

function checkPassthrough(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  const hasCertificates =
    tls.caCrl !== '' ||
    tls.serverCertificate !== '' ||
    tls.privateKey !== '' ||
    tls.caCertificates !== '' ||
    tls.tlsCertificates.length > 0 ||
    tls.credentialName !== '' ||
    tls.credentialNames.length > 0;
  if (!hasCertificates) return;
  const message = `${tls.mode} mode does not use certificates, they will be ignored`;
  result.warn(path.at('mode'), problem('server-tls-ignored', message));
}

function checkCertificateSources(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  const sources = [
    tls.serverCertificate !== '' && tls.privateKey !== '',
    tls.credentialName !== '',
    tls.credentialNames.length > 0,
    tls.tlsCertificates.length > 0,
  ].filter(Boolean).length;
  if (sources < 2) return;
  const fields = 'credential_name, credential_names, server_certificate/private_key, tls_certificates';
  result.error(path, problem('server-tls-conflict', `only one of ${fields} should be specified`));
}

function checkServerCertificates(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  const name = tls.mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS';
  if (tls.mode !== 'SIMPLE' && tls.caCertificates === '') {
    const message = 'MUTUAL TLS requires a client CA bundle';
    result.error(path.at('caCertificates'), problem('server-tls-certificate', message));
  }
  const list = path.at('tlsCertificates');
  if (tls.tlsCertificates.length > maxServerCertificates) {
    const message = `${name} can support up to ${maxServerCertificates} server certificates`;
    result.warn(list, problem('server-tls-certificates-max', message));
  }
  const pairs = tls.tlsCertificates.length > 0 ? tls.tlsCertificates : [tls];
  pairs.forEach((pair, index) => {
    const place = pair === tls ? path : list.at(index);
    if (pair.serverCertificate === '') {
      const message = `${name} requires a server certificate`;
      result.error(place.at('serverCertificate'), problem('server-tls-certificate', message));
    }
    if (pair.privateKey === '') {
      result.error(place.at('privateKey'), problem('server-tls-certificate', `${name} requires a private key`));
    }
  });
}

function checkCrl(result: Result, path: FieldPath, tls: ServerTLSSettings): void {
  if (tls.caCrl === '') return;
  if (tls.credentialName !== '') {
    const message = 'CRL is not supported with credentialName. CRL has to be specified in the credential';
    result.error(path.at('caCrl'), problem('server-tls-crl', message));
  }
  if (tls.mode === 'SIMPLE') {
    result.error(path.at('caCrl'), problem('server-tls-crl', 'CRL is not supported with SIMPLE TLS'));
  }
}
