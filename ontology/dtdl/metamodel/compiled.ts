/** The tables as the reader uses them: worked out once for each class and version. */
import { dtdlVersions, type DtdlVersion } from '../dtmi.ts';
import { byReference, concreteClasses, inPlace, membersOf } from './classes.ts';
import { forVersion, type ElementMember, type LiteralMember } from './types.ts';

/** What may be written at a place. */
export interface Expected {
  readonly classes: readonly string[];
  /** The class taken when `@type` is missing. */
  readonly inferred: string | null;
  /** Name of what is expected, for messages. */
  readonly group: string;
}

/** A member that holds elements, for one version. */
export interface ElementsOf {
  readonly holds: 'elements';
  readonly rule: ElementMember;
  readonly required: boolean;
  readonly expected: Expected;
  /** Classes of elements that may be referred to. */
  readonly references: readonly string[];
  /** Versions of the language that elements here may be written in. */
  readonly versions: readonly DtdlVersion[];
}

export type MemberOf = ElementsOf | (LiteralMember & { readonly required?: true });

function compile(cls: string, version: DtdlVersion): ReadonlyMap<string, MemberOf> {
  return new Map(
    membersOf(cls, version).map(([name, rule]): [string, MemberOf] => {
      if (rule.holds !== 'elements') return [name, rule];
      const group = forVersion(rule.of, version);
      return [
        name,
        {
          holds: 'elements',
          rule,
          required: forVersion(rule.required, version),
          expected: { classes: inPlace(group), inferred: forVersion(rule.inferred, version), group },
          references: byReference(group, version),
          versions: dtdlVersions.filter((known) => (rule.mayBeOlder ? known <= version : known === version)),
        },
      ];
    }),
  );
}

/** Remembers what a function of a name and a version gives. */
function remembered<T>(make: (name: string, version: DtdlVersion) => T): typeof make {
  const made = new Map<string, T>();
  return (name, version) => {
    const key = `${name}${version}`;
    const before = made.get(key);
    if (before !== undefined) return before;
    const value = make(name, version);
    made.set(key, value);
    return value;
  };
}

/** Members of a class by name. */
export const memberTable = remembered(compile);

/** Members of a class whose number or names are limited. */
export const limitedMembers = remembered((cls, version) =>
  [...memberTable(cls, version)].flatMap(([name, member]) =>
    member.holds === 'elements' && (member.rule.limit !== undefined || member.rule.named)
      ? [[name, member.rule] as const]
      : [],
  ),
);

/** Whatever else stands in the `@type` of a top-level element, it is an Interface. */
export const rootExpected = remembered((group, version): Expected => ({
  classes: concreteClasses(version),
  inferred: null,
  group,
}));
