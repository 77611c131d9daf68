/** Inputs that fuzzing has found to be handled wrongly, each made as small as it could be, and what is right. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerOf, compileFiles } from '../../tools/fuzz/core.ts';
import { bodyOf, type FoundCase } from '../../tools/fuzz/findings.ts';
import { checkAnswer } from '../../tools/fuzz/oracle.ts';

const folder = new URL('found/', import.meta.url);
const injector = compileFiles({});

describe('what fuzzing found', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.json')))('is right now: %s', (file) => {
    const found = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as FoundCase & { answer: string };
    const input = { target: found.target, body: bodyOf(found), kind: 'bytes' } as const;
    const body = answerOf(injector, input);
    expect(checkAnswer(input, { status: 200, body })).toBeUndefined();
    expect(body.toString()).toContain(found.answer);
  });
});
