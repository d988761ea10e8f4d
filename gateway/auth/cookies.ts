/** One cookie out of a Cookie header, or `undefined`. @see RFC 6265, 5.4 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/**
 * A Set-Cookie value that scripts cannot read and other sites' requests do not carry (top-level navigations do, which a
 * redirect from an identity provider needs).
 * @param maxAgeS - seconds; 0 removes it.
 */
export function formatCookie(
  name: string,
  value: string,
  options: { maxAgeS: number; secure: boolean; path?: string },
): string {
  const { maxAgeS, secure, path = '/' } = options;
  return `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(maxAgeS))}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
