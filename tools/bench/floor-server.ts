/** The least a webhook in Node can cost: node:https, body parsed, an answer of 4 KB. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { ownCertificate } from '../../src/server/own-certificates.ts';

const { cert, key } = await ownCertificate(join(mkdtempSync(join(tmpdir(), 'outrigger-bench-')), 'tls'), new Date());
const text = JSON.stringify({ response: { allowed: true, patch: 'x'.repeat(4000) } });

const server = createServer({ cert, key, keepAliveTimeout: 120_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ https: `https://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
