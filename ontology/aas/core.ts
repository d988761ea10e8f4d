/**
 * The one file that knows aas-core. Its package offers an ES module build whose relative imports Node cannot resolve
 * (@aas-core-works/aas-core3.0-typescript 1.0.5), so the CommonJS build is loaded.
 */
import { createRequire } from 'node:module';
import type * as AasCore from '@aas-core-works/aas-core3.0-typescript';
import { messageOf } from '#kernel/errors.ts';
import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';

const core = createRequire(import.meta.url)('@aas-core-works/aas-core3.0-typescript') as typeof AasCore;

type Jsonable = Parameters<typeof AasCore.jsonization.environmentFromJsonable>[0];

/** A published constraint of the metamodel, e.g. AASd-117; aas-core gives it in the message only. */
const constraint = /\bAAS[a-z]-\d+[a-z]?\b/;

/**
 * Checks a plain JSON value as AAS V3.0 environment: what cannot be read is an error; a broken constraint is a warning,
 * since official material breaks some; members the metamodel does not have are warnings.
 *
 * @returns whether its shape can be relied on.
 * @see IDTA-01001-3-0, metamodel and constraints
 */
export function checkEnvironment(plain: unknown, sink: FindingSink): boolean {
  try {
    const parsed = core.jsonization.environmentFromJsonable(plain as Jsonable);
    if (parsed.error !== null) {
      sink.error(
        'hub:notAasV3',
        pointerOf(parsed.error.path.segments()),
        `Not an AAS V3.0 environment: ${parsed.error.message}`,
      );
      return false;
    }
    const environment = parsed.mustValue();
    for (const fault of core.verification.verify(environment)) {
      sink.warn(
        constraint.exec(fault.message)?.[0] ?? 'hub:aasConstraint',
        pointerOf(fault.path.segments),
        fault.message,
      );
    }
    reportUnknownMembers(plain, core.jsonization.toJsonable(environment), '', sink);
    return true;
  } catch (error) {
    // aas-core throws on some values it does not expect, such as null where an object belongs.
    sink.error('hub:notAasV3', '', `Not an AAS V3.0 environment: ${messageOf(error)}`);
    return false;
  }
}

function pointerOf(segments: readonly ({ readonly name: string } | { readonly index: number })[]): string {
  return segments.reduce(
    (pointer, segment) => pointerTo(pointer, 'name' in segment ? segment.name : segment.index),
    '',
  );
}

/** Members that reading and writing again loses are not of the metamodel. */
function reportUnknownMembers(given: unknown, understood: unknown, pointer: string, sink: FindingSink): void {
  if (typeof given !== 'object' || given === null || typeof understood !== 'object' || understood === null)
    return;
  for (const [name, value] of Object.entries(given)) {
    const at = pointerTo(pointer, name);
    if (Object.hasOwn(understood, name))
      reportUnknownMembers(value, (understood as Record<string, unknown>)[name], at, sink);
    else
      sink.warn(
        'hub:unknownMember',
        at,
        `${name} is not of the AAS V3.0 metamodel; it is kept in the source and not used.`,
      );
  }
}
