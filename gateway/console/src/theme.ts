/** Light, dark, or as the system says. */
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'twinhub.theme';
const watchers = new Set<() => void>();

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? 'auto';
}

/** Shows the page in a theme and remembers it in this browser. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  for (const watcher of watchers) watcher();
}

/** Tells when the colours changed, by choice or with the system. */
export function watchTheme(watcher: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  watchers.add(watcher);
  scheme.addEventListener('change', watcher);
  return () => {
    watchers.delete(watcher);
    scheme.removeEventListener('change', watcher);
  };
}

/** A custom property's colour as it is shown now, for drawing on a canvas. */
export function themeColour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
