/** How a string is written: the choice of go.yaml.in/yaml/v2 and its emitter. */
import { isBlankBreakOrEnd, isBreak } from './characters.ts';
import { resolvePlain } from './scalars.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** `1:30` is a number to other readers of YAML 1.1, though not to this one. */
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const startsIndicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?:[ \t]|$))/;

/** Whether the emitter writes a character as it is. Everything beyond the basic plane it escapes. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20 || code === 0x0a;
  return code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && !(code >= 0xd800 && code <= 0xdfff);
}

interface Analysis {
  readonly multiline: boolean;
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly blockAllowed: boolean;
}

function analyze(text: string): Analysis {
  if (text === '') return { multiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: false };
  let multiline = false;
  let special = false;
  let indicator = startsIndicator.test(text);
  let spaceThenBreak = false;
  let breakThenSpace = false;
  let afterSpace = false;
  let afterBreak = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (!isPrintable(code)) special = true;
    if (index > 0) {
      if (code === 0x3a && isFollowedByBlank(text, index)) indicator = true;
      if (code === 0x23 && isBlankBreakOrEnd(text.charCodeAt(index - 1))) indicator = true;
    }
    const isSpace = code === 0x20;
    const breaks = isBreak(code);
    if (isSpace && afterBreak) breakThenSpace = true;
    if (breaks && afterSpace) spaceThenBreak = true;
    if (breaks) multiline = true;
    afterSpace = isSpace;
    afterBreak = breaks;
  }
  const first = text.charCodeAt(0);
  const edged = first === 0x20 || isBreak(first) || afterSpace || afterBreak;
  return {
    multiline,
    plainAllowed: !(edged || breakThenSpace || spaceThenBreak || special || multiline || indicator),
    singleAllowed: !(breakThenSpace || spaceThenBreak || special),
    blockAllowed: !(afterSpace || spaceThenBreak || special),
  };
}

function isFollowedByBlank(text: string, index: number): boolean {
  const next = text.charCodeAt(index + 1);
  return next === 0x20 || next === 0x09 || next !== next;
}

/** The style of a string, and whether it may be a key without `?`. */
export function chooseStyle(text: string, isKey: boolean): { style: ScalarStyle; simpleKey: boolean } {
  const analysis = analyze(text);
  const readsAsString = resolvePlain(text).tag === 'str' && !base60.test(text);
  let style: ScalarStyle = text.includes('\n') ? 'literal' : readsAsString ? 'plain' : 'double';
  const simpleKey = isKey && !analysis.multiline && Buffer.byteLength(text) <= MAX_SIMPLE_KEY_BYTES;
  if (simpleKey && text === '' && style === 'plain') style = 'single';
  if (style === 'plain' && !analysis.plainAllowed) style = 'single';
  if (style === 'single' && !analysis.singleAllowed) style = 'double';
  if (style === 'literal' && !analysis.blockAllowed) style = 'double';
  return { style, simpleKey };
}

/** Longer keys are written with `?`. */
const MAX_SIMPLE_KEY_BYTES = 128;
