/** Light or dark: as the system has it, unless chosen. */
/* global document, localStorage */

const themes = /** @type {const} */ (['auto', 'light', 'dark']);
const labels = { auto: '◐ Auto', light: '☀ Light', dark: '☾ Dark' };
const key = 'outrigger-playground-theme';

/** @param {HTMLButtonElement} button */
export function addThemeSwitch(button) {
  const apply = (/** @type {keyof typeof labels} */ theme) => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    button.textContent = labels[theme];
    button.setAttribute('aria-label', `Colours: ${theme}`);
  };
  let theme = themes.find((candidate) => candidate === localStorage.getItem(key)) ?? 'auto';
  apply(theme);
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
    localStorage.setItem(key, theme);
    apply(theme);
  });
}
