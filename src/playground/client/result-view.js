/** The verdict, the trace, the source of a line, and the list of problems. */
import { create } from './dom.js';

/**
 * @typedef {import('../preview-types.ts').Preview} Preview
 * @typedef {import('../preview-types.ts').Problem} Problem
 * @typedef {import('../preview-types.ts').TraceStep} TraceStep
 * @typedef {import('../preview-types.ts').TemplateLine} TemplateLine
 */

const headings = {
  injected: 'Injected',
  skipped: 'Not injected',
  denied: 'Denied',
  'not-called': 'Not sent to the injector',
};

/** @param {HTMLElement} place @param {Preview} preview @param {string} editedTemplate */
export function showVerdict(place, preview, editedTemplate) {
  const { verdict, templates, warnings, suggestion } = preview;
  if (verdict === undefined) {
    place.dataset['outcome'] = 'stale';
    place.replaceChildren(
      create('strong', {}, 'Cannot be run'),
      create('span', {}, 'The texts have problems; what is shown below is the last result.'),
    );
    return;
  }
  place.dataset['outcome'] = verdict.outcome;
  const parts = [create('strong', {}, headings[verdict.outcome]), create('span', {}, verdict.sentence)];
  if (templates.length > 0) {
    parts.push(create('span', { class: 'note' }, `Templates: ${templates.join(', ')}`));
    if (!templates.includes(editedTemplate)) {
      parts.push(
        create('span', { class: 'note warn' }, `This pod does not use the template “${editedTemplate}” of the editor.`),
      );
    }
  }
  if (verdict.message !== undefined) parts.push(create('code', { class: 'note' }, verdict.message.trim()));
  if (suggestion !== undefined)
    parts.push(
      create(
        'span',
        { class: 'note hint' },
        `${verdict.outcome === 'injected' ? 'To keep it out' : 'To change that'}: ${suggestion}`,
      ),
    );
  for (const warning of warnings) parts.push(create('span', { class: 'note warn' }, warning));
  place.replaceChildren(...parts);
}

/** @param {HTMLElement} place @param {readonly TraceStep[]} steps */
export function showTrace(place, steps) {
  const list = create('ol', { class: 'trace' });
  for (const step of steps) {
    const item = create('li', { class: `step ${step.outcome}`, ...(step.decisive && { 'aria-current': 'step' }) });
    const head = create('div', { class: 'head' }, create('code', { class: 'rule' }, step.rule));
    head.append(create('span', { class: 'outcome' }, step.outcome));
    if (step.decisive) head.append(create('span', { class: 'decisive' }, 'decisive'));
    item.append(head, create('p', {}, step.text));
    if (step.inputs.length > 0) {
      const inputs = create('ul', { class: 'inputs', 'aria-label': 'Looked at' });
      for (const { source, name, value } of step.inputs)
        inputs.append(create('li', {}, ...inputParts(source, name, value)));
      item.append(inputs);
    }
    list.append(item);
  }
  place.replaceChildren(steps.length === 0 ? create('p', { class: 'empty' }, 'Nothing was run yet.') : list);
}

/** @param {string} source @param {string} name @param {string | null | undefined} value */
function inputParts(source, name, value) {
  const shown = value === undefined ? '' : value === null ? ' is not set' : value === '' ? ' is empty' : ' = ';
  const parts = [create('span', { class: 'from' }, source), create('code', {}, name), shown];
  return value === undefined || value === null || value === '' ? parts : [...parts, create('code', {}, value)];
}

/**
 * @param {HTMLElement} place
 * @param {import('../preview-types.ts').DiffLine | undefined} line
 * @param {import('../preview-types.ts').LineSource | undefined} source
 * @param {(line: TemplateLine) => void} onOpen
 */
export function showSource(place, line, source, onOpen) {
  if (line === undefined) {
    place.replaceChildren(create('span', { class: 'hint' }, 'Select a line to see the template line that made it.'));
    return;
  }
  const path = create('code', { class: 'path' }, line.path ?? line.text.trim());
  const parts = /** @type {Node[]} */ ([path]);
  for (const place of source?.lines ?? []) {
    const button = create('button', { type: 'button', class: 'place' }, `${place.template}:${place.line}`);
    button.addEventListener('click', () => onOpen(place));
    parts.push(button);
  }
  for (const read of source?.reads ?? [])
    parts.push(create('code', { class: 'read', title: 'its value is made of this' }, read));
  if (source?.step !== undefined) parts.push(create('span', {}, source.step));
  if (source === undefined) parts.push(create('span', { class: 'hint' }, 'Comes from the pod as it was sent.'));
  const conditions = source?.conditions ?? [];
  if (conditions.length > 0)
    parts.push(create('span', { class: 'conditions' }, `Depends on ${conditions.join(' · ')}`));
  place.replaceChildren(...parts);
}

/** @param {HTMLElement} list @param {readonly Problem[]} problems @param {(problem: Problem) => void} onOpen */
export function showProblems(list, problems, onOpen) {
  const items = problems.map((problem) => {
    const name = problem.template ?? problem.editor;
    const at = [name, ...[problem.line, problem.column].filter((part) => part > 0)].join(':');
    const button = create('button', { type: 'button' }, create('b', {}, at), ` ${problem.message.trim()}`);
    button.addEventListener('click', () => onOpen(problem));
    return create('li', {}, button);
  });
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
}
