import type { ReadSubmodel } from '../aas/index.ts';
import type { Submodel } from '../aas/environment.ts';
import { readKnownSubmodel, type CanonicalProperty, type KnownSubmodel } from '../aas/submodels/index.ts';
import type { FindingSink } from '../import-finding.ts';
import type { Model, PropertyContent, SignalContent } from '../model.ts';

/** A submodel with what the hub understands of it. */
export interface UnderstoodSubmodel {
  /** With the canonical properties and signals beside those of its elements. */
  readonly model: Model;
  readonly values: ReadonlyMap<string, unknown>;
  readonly known: KnownSubmodel | null;
  /** What the names of its canonical properties begin with; `null` when it has none. */
  readonly canonicalPrefix: string | null;
}

const understood = new WeakMap<ReadSubmodel, UnderstoodSubmodel>();

/** Understands a submodel once; what cannot be used is reported as a warning. */
export function understand(submodel: ReadSubmodel, sink: FindingSink): UnderstoodSubmodel {
  const before = understood.get(submodel);
  if (before) return before;
  const made = read(submodel, sink);
  understood.set(submodel, made);
  return made;
}

function read(submodel: ReadSubmodel, sink: FindingSink): UnderstoodSubmodel {
  const { model, values, pointer } = submodel;
  const whole = submodel.whole as Submodel;
  const units = new Map(
    model.contents.flatMap((content) => (content.kind === 'property' ? [[content.name, content.unit]] : [])),
  );
  const unitOf = (path: readonly string[]): string | null => {
    const name = `${submodel.prefix}${path.join('.')}`;
    return units.get(name) ?? units.get(`${name}.min`) ?? null;
  };
  // A template has no values to understand, and leaves out what instances must have.
  const known =
    whole.kind === 'Template'
      ? null
      : readKnownSubmodel(whole, pointer, {
          unitOf,
          report: (code, at, message) => sink.warn(code, at, message),
        });
  if (!known) return { model, values, known, canonicalPrefix: null };
  const taken = new Set(model.contents.map((content) => content.name));
  const properties = known.properties.filter(({ name }) => !taken.has(name));
  const signals = signalsOf(known, model).filter(({ name }) => !taken.has(name));
  return {
    model: {
      ...model,
      contents: [...model.contents, ...properties.map((property) => toContent(property, model)), ...signals],
    },
    values: new Map([
      ...values,
      ...properties.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])),
    ]),
    known,
    canonicalPrefix: properties.length ? `${known.kind}.` : null,
  };
}

function toContent({ name, valueType, unit, description }: CanonicalProperty, model: Model): PropertyContent {
  return {
    kind: 'property',
    name,
    displayName: {},
    description,
    declaredBy: model.id,
    valueType,
    enumValues: null,
    unit,
    quantity: null,
    writable: false,
  };
}

function signalsOf({ timeSeries }: KnownSubmodel, model: Model): SignalContent[] {
  return (timeSeries?.variables ?? []).map(({ name, valueType, unit, description }) => ({
    kind: 'signal',
    name,
    displayName: {},
    description,
    declaredBy: model.id,
    valueType,
    unit,
    quantity: null,
    range: null,
    samplingPeriodMs: timeSeries?.samplingPeriodMs ?? null,
  }));
}
