/**
 * sprig functions that exist, so that templates naming them are accepted, but fail when they are called: they make key material or ask the
 * network, and a result that differs at every injection has no place in a pod.
 */
import { define, FunctionError, type TemplateFunction } from '../../function.ts';

const SIGNATURES: Readonly<Record<string, string>> = {
  bcrypt: 'func(string) string',
  genPrivateKey: 'func(string) string',
  buildCustomCert: 'func(string, string) (interface {}, error)',
  genCA: 'func(string, int) (interface {}, error)',
  genCAWithKey: 'func(string, int, string) (interface {}, error)',
  genSelfSignedCert: 'func(string, []interface {}, []interface {}, int) (interface {}, error)',
  genSelfSignedCertWithKey: 'func(string, []interface {}, []interface {}, int, string) (interface {}, error)',
  genSignedCert: 'func(string, []interface {}, []interface {}, int, interface {}) (interface {}, error)',
  genSignedCertWithKey: 'func(string, []interface {}, []interface {}, int, interface {}, string) (interface {}, error)',
  getHostByName: 'func(string) string',
};

function unsupported(name: string): never {
  throw new FunctionError(`${name} is not supported in injection templates`);
}

export const unsupportedFunctions: readonly TemplateFunction[] = [
  ...Object.entries(SIGNATURES).map(([name, signature]) => define(name, signature, () => unsupported(name))),
  define('htpasswd', 'func(string, string) string', (username: string) =>
    username.includes(':') ? `invalid username: ${username}` : unsupported('htpasswd'),
  ),
];
