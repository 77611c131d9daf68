/** The page: editors on the left, what the injector makes of their texts on the right. */
/* global document, performance, Element, HTMLElement, HTMLButtonElement, HTMLDialogElement, HTMLInputElement, HTMLOutputElement, HTMLSelectElement */
import { createAsking, fetchStart } from './ask.js';
import { DiffView } from './diff-view.js';
import { byId, create } from './dom.js';
import { Editor } from './editor.js';
import { showProblems, showSource, showTrace, showVerdict } from './result-view.js';
import { Tabs } from './tabs.js';
import { addThemeSwitch } from './theme.js';

/**
 * @typedef {import('../preview-types.ts').EditorName} EditorName
 * @typedef {import('../preview-types.ts').Preview} Preview
 * @typedef {import('../preview-types.ts').TemplateLine} TemplateLine
 */

const start = await fetchStart();
/** Texts of templates as they are edited, by name. */
const templateTexts = new Map(start.templates.map(({ name, text }) => [name, text]));
const templateChoice = byId('template', HTMLSelectElement);
const exampleChoice = byId('example', HTMLSelectElement);
const panel = (/** @type {string} */ name) => byId(`panel-${name}`, HTMLElement);

/** Name of the template in the editor. */
let shownTemplate = start.template;

/** The lines behind the line that is selected in the result. */
let selectedLines = /** @type {readonly TemplateLine[]} */ ([]);

const asking = createAsking(
  () => ({
    pod: editors.pod.text,
    templates: editedTemplates(),
    values: editors.values.text,
  }),
  {
    preview: show,
    sources: (preview) => {
      if (preview.verdict !== undefined) diff.addSources(preview);
    },
    error: (message) => {
      const verdict = byId('verdict', HTMLElement);
      verdict.dataset['outcome'] = 'denied';
      verdict.replaceChildren(create('strong', {}, 'No answer'), create('span', {}, message));
    },
  },
);

const editorOf = (/** @type {EditorName} */ name, /** @type {string} */ label) =>
  new Editor(panel(name), {
    label,
    onChange: asking,
    onCursor: (line) => name === 'template' && diff.markMadeBy(templateChoice.value, line),
  });
const editors = {
  pod: editorOf('pod', 'Pod or workload, YAML'),
  template: editorOf('template', 'Injection template'),
  values: editorOf('values', 'Values, YAML'),
};

const diff = new DiffView(byId('diff', HTMLElement), {
  onSelect: (line, source, isByUser) => {
    selectedLines = source?.lines ?? [];
    showSource(byId('source', HTMLElement), line, source, goToLine);
    const [first] = selectedLines;
    if (isByUser && first !== undefined) {
      showTemplate(first.template);
      inputs.select('template');
    }
    markSource(isByUser);
  },
  onEnter: () => {
    const [first] = selectedLines;
    if (first !== undefined) goToLine(first);
  },
});
const inputs = new Tabs(byId('inputs', HTMLElement), (name) => {
  byId('template-field', HTMLElement).hidden = name !== 'template';
  editors[/** @type {EditorName} */ (name)].refresh();
});
const results = new Tabs(byId('results', HTMLElement), (name) => {
  byId('changes-field', HTMLElement).hidden = name !== 'diff';
  if (name === 'trace') document.querySelector('#trace [aria-current]')?.scrollIntoView({ block: 'nearest' });
});

/** @param {Preview} preview @param {number} milliseconds */
function show(preview, milliseconds) {
  const begin = performance.now();
  const isStale = preview.verdict === undefined;
  document.body.classList.toggle('stale', isStale);
  showVerdict(byId('verdict', HTMLElement), preview, templateChoice.value);
  showProblems(byId('problems', HTMLElement), preview.problems, ({ editor, template, line, column }) => {
    if (template !== undefined) showTemplate(template);
    inputs.select(editor);
    editors[editor].goTo(line, column);
  });
  for (const [name, editor] of Object.entries(editors)) {
    const own = preview.problems.filter((problem) => problem.editor === name);
    editor.showProblems(own.filter(({ template = shownTemplate }) => template === shownTemplate));
    showCount(`tab-${name}`, own.length);
  }
  if (!isStale) {
    diff.show(preview);
    showTrace(byId('trace', HTMLElement), preview.trace);
    const count = (/** @type {string} */ kind) => preview.diff.filter((line) => line.kind === kind).length;
    const changes = `+${count('added')} −${count('removed')}`;
    byId('diff-count', HTMLElement).textContent = preview.verdict?.outcome === 'injected' ? changes : '';
  }
  const total = Math.round(milliseconds + performance.now() - begin);
  const speed = byId('speed', HTMLOutputElement);
  speed.value = `${total} ms`;
  speed.title = 'from the change to the result';
}

/** @param {string} tab @param {number} count */
function showCount(tab, count) {
  const badge = byId(tab, HTMLElement).querySelector('.count');
  if (badge === null) return;
  badge.textContent = count === 0 ? '' : String(count);
  badge.setAttribute('aria-label', count === 0 ? '' : `${count} problems`);
}

/** Marks the lines behind the selected line in the template that is shown. @param {boolean} scroll */
function markSource(scroll) {
  const own = selectedLines.filter(({ template }) => template === templateChoice.value);
  editors.template.showSource(
    own.map(({ line }) => line),
    scroll,
  );
}

/** The template that is shown, and those that were changed. */
function editedTemplates() {
  templateTexts.set(shownTemplate, editors.template.text);
  return start.templates
    .map(({ name, text }) => ({ name, text: templateTexts.get(name) ?? text, original: text }))
    .filter(({ name, text, original }) => name === shownTemplate || text !== original)
    .map(({ name, text }) => ({ name, text }));
}

/** @param {TemplateLine} line */
function goToLine({ template, line }) {
  showTemplate(template);
  inputs.select('template');
  editors.template.goTo(line, 0);
}

/** @param {string} name */
function showTemplate(name) {
  if (name === templateChoice.value || !templateTexts.has(name)) return;
  templateChoice.value = name;
  switchTemplate();
}

function switchTemplate() {
  templateTexts.set(shownTemplate, editors.template.text);
  shownTemplate = templateChoice.value;
  editors.template.text = templateTexts.get(shownTemplate) ?? '';
  asking();
}

function reset() {
  for (const { name, text } of start.templates) templateTexts.set(name, text);
  templateChoice.value = shownTemplate = start.template;
  editors.template.text = templateTexts.get(shownTemplate) ?? '';
  editors.values.text = start.values;
  showExample();
}

function showExample() {
  editors.pod.text = start.examples.find(({ name }) => name === exampleChoice.value)?.pod ?? '';
  inputs.select('pod');
  asking();
}

function openHelp() {
  byId('help', HTMLDialogElement).showModal();
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const target = event.target instanceof Element ? event.target : null;
  const isTyping = target?.closest('.cm-editor, input, select, dialog') != null;
  if (event.key === '?' && !isTyping) {
    event.preventDefault();
    openHelp();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const input = /** @type {const} */ ({ Digit1: 'pod', Digit2: 'template', Digit3: 'values' });
  if (Object.hasOwn(input, event.code)) {
    event.preventDefault();
    const name = input[/** @type {keyof typeof input} */ (event.code)];
    inputs.select(name);
    editors[name].focus();
  } else if (event.code === 'Digit4' || event.code === 'Digit5') {
    event.preventDefault();
    results.select(event.code === 'Digit4' ? 'diff' : 'trace');
    byId(event.code === 'Digit4' ? 'diff' : 'panel-trace', HTMLElement).focus();
  }
}

templateChoice.append(...start.templates.map(({ name }) => create('option', {}, name)));
exampleChoice.append(...start.examples.map(({ name }) => create('option', {}, name)));
templateChoice.addEventListener('change', switchTemplate);
exampleChoice.addEventListener('change', showExample);
byId('reset', HTMLButtonElement).addEventListener('click', reset);
byId('help-open', HTMLButtonElement).addEventListener('click', openHelp);
byId('changes', HTMLInputElement).addEventListener('change', (event) => {
  diff.onlyChanges = /** @type {HTMLInputElement} */ (event.target).checked;
});
document.addEventListener('keydown', shortcut);
addThemeSwitch(byId('theme', HTMLButtonElement));
reset();
