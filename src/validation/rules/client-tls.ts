/** TLS settings of connections that proxies open. */
import { quote } from '../../go/quote.ts';
import type { ClientTLSSettings } from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Problem, Result } from '../result.ts';

const configMapScheme = 'configmap://';

/** Checks client TLS settings of an object in `namespace`. */
export function checkClientTls(result: Result, path: FieldPath, tls: ClientTLSSettings, namespace: string): void {
  result.error(path.at('credentialName'), checkConfigMapCredential(tls.credentialName, namespace));
  if (tls.insecureSkipVerify?.value === true) result.error(path.at('insecureSkipVerify'), checkInsecure(tls));

  const usesCertificates = tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL';
  if (usesCertificates && tls.credentialName !== '') {
    if (tls.clientCertificate !== '' || tls.caCertificates !== '' || tls.privateKey !== '' || tls.caCrl !== '') {
      const message = 'cannot specify client certificates or CA certificate or CA CRL If credentialName is set';
      result.error(path.at('credentialName'), problem('client-tls-conflict', message));
    }
    return;
  }
  if (tls.mode !== 'MUTUAL') return;
  if (tls.clientCertificate === '') {
    const message = 'client certificate required for mutual tls';
    result.error(path.at('clientCertificate'), problem('client-tls-certificate', message));
  }
  if (tls.privateKey === '') {
    result.error(path.at('privateKey'), problem('client-tls-certificate', 'private key required for mutual tls'));
  }
}

function checkInsecure(tls: ClientTLSSettings): Problem | undefined {
  const verifies = tls.caCertificates !== '' || tls.subjectAltNames.length > 0;
  if (tls.mode === 'SIMPLE' && (verifies || tls.credentialName !== '')) {
    const fields = 'CaCertificates or CredentialName or SubjectAltNames';
    return problem('client-tls-conflict', `cannot specify ${fields} when InsecureSkipVerify is set true`);
  }
  if (tls.mode === 'MUTUAL' && verifies) {
    const fields = 'CaCertificates or SubjectAltNames';
    return problem('client-tls-conflict', `cannot specify ${fields} when InsecureSkipVerify is set true`);
  }
  return undefined;
}

/** A credential `configmap://namespace/name` must name a ConfigMap of the object's own namespace. */
function checkConfigMapCredential(credential: string, namespace: string): Problem | undefined {
  if (!credential.startsWith(configMapScheme)) return undefined;
  const parts = credential.slice(configMapScheme.length).split('/');
  const [owner = '', name = ''] = parts;
  const missing =
    parts.length < 2 ? 'namespace and name' : owner === '' ? 'namespace' : name === '' ? 'name' : undefined;
  if (missing !== undefined) {
    return invalidCredential(`invalid resource name ${quote(credential)}. Expected ${missing}`);
  }
  if (owner === namespace) return undefined;
  return invalidCredential(`namespace must match the configuration namespace ${quote(namespace)}`);
}

function invalidCredential(reason: string): Problem {
  return problem('credential-configmap', `invalid ${configMapScheme} credentialName: ${reason}`);
}
