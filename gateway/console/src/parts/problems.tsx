import { signInHref, type ApiError } from '../api.ts';

/** What went wrong, and what to do about it. */
export function Problems({ errors }: { errors: readonly ApiError[] }) {
  if (!errors.length) return null;
  const stepUp = errors.some((error) => error.extensions?.code === 'STEP_UP_REQUIRED');
  return (
    <div class="problems" role="alert">
      {errors.slice(0, 3).map((error) => (
        <p key={error.message}>
          {error.message} {error.extensions?.advice}
          {error.extensions?.requestId && <small> Request {error.extensions.requestId}</small>}
        </p>
      ))}
      {errors.length > 3 && <p>and {errors.length - 3} more</p>}
      {stepUp && (
        <p>
          <a href={signInHref(true)}>Sign in again</a> and come back to this page.
        </p>
      )}
    </div>
  );
}
