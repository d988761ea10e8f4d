/* global addEventListener, document, getComputedStyle, twinhubViolation, window */
// Runs inside the page under test, before its own program; console-page.ts calls it.

addEventListener('securitypolicyviolation', (event) =>
  twinhubViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
);

const controls =
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option], [role=img], [tabindex="0"]';

function nameOf(element) {
  const labelled = (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join('');
  const own = element.matches('input, select, textarea') ? '' : element.textContent;
  return [
    element.getAttribute('aria-label'),
    labelled,
    element.closest('label')?.textContent,
    own,
    element.getAttribute('title'),
  ].find((text) => text?.trim());
}

function headingFaults() {
  const levels = [...document.querySelectorAll('main h1, main h2, main h3, main h4')]
    .filter((heading) => heading.checkVisibility())
    .map((heading) => Number(heading.tagName.slice(1)));
  const once = levels.filter((level) => level === 1).length === 1;
  const skipped = levels.some((level, index) => level - (levels[index - 1] ?? 0) > 1);
  return [
    ...(once ? [] : [`h1 not once: ${levels.join(' ')}`]),
    ...(skipped ? [`heading level skipped: ${levels.join(' ')}`] : []),
  ];
}

window.twinhubChecks = {
  stumblingBlocks() {
    const nameless = [...document.querySelectorAll(controls)]
      .filter((control) => control.checkVisibility() && !nameOf(control))
      .map((control) => `no name: ${control.outerHTML.slice(0, 120)}`);
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id twice: ${id}`);
    const language = document.documentElement.lang === 'en' ? [] : ['the page has no language'];
    return [...nameless, ...headingFaults(), ...twice, ...language];
  },

  unseenFocus() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const outlined = (style) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
    const seen = outlined(getComputedStyle(element)) || outlined(getComputedStyle(element, '::after'));
    return seen ? null : element.outerHTML.slice(0, 120);
  },

  inkOfCharts() {
    return [...document.querySelectorAll('canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let drawn = 0;
      let sum = 0;
      for (let index = 3; index < data.length; index += 4) {
        if (data[index]) drawn += 1;
        sum = (sum + data[index] * (index % 9973)) % 2_147_483_647;
      }
      return { drawn, sum };
    });
  },
};
