import { describe, expect, it } from 'vitest';
import { checkClientTls } from '../../../src/validation/rules/client-tls.ts';
import { checkServerTls } from '../../../src/validation/rules/server-tls.ts';
import { collect, message } from '../support.ts';

describe('client TLS settings', () => {
  const insecureSimple =
    'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true';
  const withCredential = 'cannot specify client certificates or CA certificate or CA CRL If credentialName is set';
  const invalidName = (text: string): string => `invalid configmap:// credentialName: invalid resource name ${text}`;
  const cases: [object, string[]][] = [
    [{}, []],
    [{ mode: 'SIMPLE' }, []],
    [{ mode: 'ISTIO_MUTUAL', clientCertificate: 'a' }, []],
    [{ mode: 'MUTUAL' }, ['client certificate required for mutual tls', 'private key required for mutual tls']],
    [{ mode: 'MUTUAL', clientCertificate: 'a', privateKey: 'b' }, []],
    [{ mode: 'MUTUAL', credentialName: 'a' }, []],
    [{ mode: 'MUTUAL', credentialName: 'a', caCrl: 'b' }, [withCredential]],
    [{ mode: 'SIMPLE', credentialName: 'a', privateKey: 'b' }, [withCredential]],
    [{ mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['a'] }, [insecureSimple]],
    [{ mode: 'SIMPLE', insecureSkipVerify: true, credentialName: 'a' }, [insecureSimple]],
    [{ mode: 'SIMPLE', insecureSkipVerify: false, subjectAltNames: ['a'] }, []],
    [
      { mode: 'MUTUAL', insecureSkipVerify: true, caCertificates: 'a', clientCertificate: 'a', privateKey: 'b' },
      ['cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true'],
    ],
    [{ credentialName: 'configmap://ns/a' }, []],
    [{ credentialName: 'configmap://a' }, [invalidName('"configmap://a". Expected namespace and name')]],
    [{ credentialName: 'configmap:///a' }, [invalidName('"configmap:///a". Expected namespace')]],
    [{ credentialName: 'configmap://ns/' }, [invalidName('"configmap://ns/". Expected name')]],
    [
      { credentialName: 'configmap://other/a' },
      ['invalid configmap:// credentialName: namespace must match the configuration namespace "ns"'],
    ],
  ];

  it.each(cases)('%j', (settings, errors) => {
    const tls = message('istio.networking.v1alpha3.ClientTLSSettings', settings);
    expect(
      collect((result, path) => {
        checkClientTls(result, path, tls, 'ns');
      }),
    ).toEqual(errors);
  });
});

describe('server TLS settings', () => {
  const oldVersion =
    'W TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.';
  const oneSource =
    'only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified';
  const noCertificate = (mode: string): string[] => [
    `${mode} TLS requires a server certificate`,
    `${mode} TLS requires a private key`,
  ];
  const pair = { serverCertificate: 'a', privateKey: 'b' };
  const cases: [object, string[]][] = [
    [{}, []],
    [{ mode: 77, credentialName: 'a' }, []],
    [{ minProtocolVersion: 'TLSV1_1' }, [oldVersion]],
    [{ minProtocolVersion: 'TLSV1_0', cipherSuites: ['ALL'] }, []],
    [
      { cipherSuites: ['foo', 'AES128-SHA', 'bar', 'AES128-SHA', '!x', '', 'foo'] },
      ['W ignoring invalid cipher suites: [bar foo]', 'W ignoring duplicate cipher suites: [AES128-SHA]'],
    ],
    [
      {
        mode: 'ISTIO_MUTUAL',
        ...pair,
        caCertificates: 'c',
        tlsCertificates: [{}],
        credentialName: 'd',
        credentialNames: ['e'],
      },
      ['server certificate', 'private key', 'CA bundle', 'tlsCertificates', 'credentialName', 'credentialNames'].map(
        (name) => `ISTIO_MUTUAL TLS cannot have associated ${name}`,
      ),
    ],
    [{ credentialName: 'a' }, ['W PASSTHROUGH mode does not use certificates, they will be ignored']],
    [
      { mode: 'AUTO_PASSTHROUGH', credentialName: 'a', caCrl: 'b' },
      [
        'CRL is not supported with credentialName. CRL has to be specified in the credential',
        'W AUTO_PASSTHROUGH mode does not use certificates, they will be ignored',
      ],
    ],
    [{ mode: 'SIMPLE', credentialName: 'a', credentialNames: ['b'] }, [oneSource]],
    [{ mode: 'SIMPLE', ...pair }, []],
    [{ mode: 'SIMPLE', ...pair, caCrl: 'c' }, ['CRL is not supported with SIMPLE TLS']],
    [{ mode: 'SIMPLE' }, noCertificate('SIMPLE')],
    [{ mode: 'MUTUAL' }, ['MUTUAL TLS requires a client CA bundle', ...noCertificate('MUTUAL')]],
    [{ mode: 'OPTIONAL_MUTUAL', ...pair }, ['MUTUAL TLS requires a client CA bundle']],
    [
      { mode: 'SIMPLE', tlsCertificates: [pair, {}, pair] },
      [...noCertificate('SIMPLE'), 'W SIMPLE TLS can support up to 2 server certificates'],
    ],
  ];

  it.each(cases)('%j', (settings, findings) => {
    const tls = message('istio.networking.v1alpha3.ServerTLSSettings', settings);
    expect(
      collect((result, path) => {
        checkServerTls(result, path, tls);
      }),
    ).toEqual(findings);
  });
});
