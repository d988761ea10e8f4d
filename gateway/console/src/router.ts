import { useEffect, useState } from 'preact/hooks';

const base = '/console';

/** Path below /console, always with a leading slash. */
function currentPath(): string {
  return location.pathname.slice(base.length) || '/';
}

/** The address of a view. */
export function href(...segments: readonly string[]): string {
  return `${base}/${segments.map(encodeURIComponent).join('/')}`;
}

/** Goes to an address of the console without loading the page anew. */
export function navigate(to: string): void {
  history.pushState(null, '', to);
  scrollTo(0, 0);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** The path's segments, decoded; changes with the address. Clicks on links to the console stay on the page. */
export function useRoute(): readonly string[] {
  const [path, setPath] = useState(currentPath);
  useEffect(() => {
    const onPop = () => {
      setPath(currentPath());
      document.getElementById('content')?.focus({ preventScroll: true });
    };
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const plain =
        event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (
        !link ||
        !plain ||
        link.target ||
        link.hash ||
        link.origin !== location.origin ||
        !link.pathname.startsWith(base)
      )
        return;
      event.preventDefault();
      navigate(link.href);
    };
    addEventListener('popstate', onPop);
    document.addEventListener('click', onClick);
    return () => {
      removeEventListener('popstate', onPop);
      document.removeEventListener('click', onClick);
    };
  }, []);
  return path.split('/').filter(Boolean).map(decodeURIComponent);
}
