import { createHash } from 'node:crypto';
import type { Persona } from '#ontology/ports/identity.ts';

const style = `
:root { color-scheme: light dark; --ground: #e6e9eb; --card: #f6f7f8; --text: #1c2429; --muted: #515d65; --line: #cbd2d7; --edge: #7f8b93; --accent: #1c5a85; }
@media (prefers-color-scheme: dark) { :root { --ground: #15191c; --card: #1e2428; --text: #e1e6e9; --muted: #9ea9b0; --line: #353f46; --edge: #73808a; --accent: #82bce3; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
main { width: min(34rem, 100vw - 2rem); background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.75rem; }
h1 { margin: 0 0 .25rem; font-size: 1.35rem; }
p { margin: .25rem 0 1rem; color: var(--muted); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
button, a.button { display: block; width: 100%; min-height: 3.25rem; padding: .55rem .9rem; text-align: left; font: inherit; color: inherit; background: transparent; border: 1px solid var(--edge); border-radius: 8px; cursor: pointer; text-decoration: none; }
button:hover, button:focus-visible, a.button:hover, a.button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: 1px; }
button small { display: block; color: var(--muted); font-size: .9rem; }
.note { margin: 1.25rem 0 0; font-size: .875rem; border-top: 1px solid var(--line); padding-top: .9rem; }
[role=alert] { border-left: 4px solid #b3261e; padding: .4rem .8rem; color: var(--text); }`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Content-Security-Policy of the page: its own style, forms to the hub, nothing else. */
export const signInPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Text made safe for HTML content and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** What the sign-in page shows. */
export interface SignInPage {
  /** Local path to go to afterwards. */
  readonly next: string;
  /** The personas of the local issuer, or `null` with a provider elsewhere. */
  readonly personas: readonly Persona[] | null;
  readonly message: string | null;
  /** The provider asks for the password also where it knows the person: a decision needs a fresh sign-in. @default false */
  readonly fresh?: boolean;
}

/** The page as HTML. */
export function renderSignInPage(page: SignInPage): string {
  const alert = page.message ? `<p role="alert">${escapeHtml(page.message)}</p>` : '';
  const body = page.personas
    ? personaForm(page.personas, page.next)
    : providerLink(page.next, page.fresh ?? false);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · Twinhub</title><style>${style}</style></head>
<body><main><h1>Twinhub</h1>${alert}${body}</main></body></html>
`;
}

function personaForm(personas: readonly Persona[], next: string): string {
  const item = (persona: Persona) =>
    `<li><button name="persona" value="${escapeHtml(persona.id)}">${escapeHtml(persona.name)}<small>${escapeHtml(persona.duty)}</small></button></li>`;
  return `<p>Choose who you are.</p>
<form method="post" action="/sign-in"><input type="hidden" name="next" value="${escapeHtml(next)}"><ul>${personas.map(item).join('')}</ul></form>
<p class="note">Local identity of this machine: personas without passwords, reachable only from here. For a plant, configure OpenID Connect (see the README).</p>`;
}

function providerLink(next: string, fresh: boolean): string {
  const query = `next=${encodeURIComponent(next)}${fresh ? '&amp;fresh=true' : ''}`;
  const why = fresh ? ' A decision needs a fresh sign-in: your account asks for your password again.' : '';
  return `<p>You sign in with your organisation's account.${why}</p><a class="button" href="/sign-in/provider?${query}">Continue to sign-in</a>`;
}
