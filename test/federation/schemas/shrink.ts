import {
  Kind,
  parse,
  print,
  validate,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { compareRun, type Run } from './differential.ts';
import { createGeneratedGraph, type GeneratedGraph, type GraphOptions } from './graph.ts';
import type { FieldModel, Model, TypeModel } from './model.ts';
import type { RandomOperation } from './operations.ts';

export interface Case {
  readonly model: Model;
  readonly run: Run;
}

/** Says how a case fails: the same word for the same way. */
export type Judge = (one: Case) => Promise<string | null>;

/** A smaller case that fails in the same way: less of the operation, less of the graph, then less of the operation again. */
export async function shrink(start: Case, judge: Judge): Promise<Case> {
  const way = await judge(start);
  if (!way) return start;
  const fails = async (one: Case) => (await judge(one)) === way;
  const first = await shrinkOperation(start, fails);
  return shrinkOperation(await shrinkModel(first, fails), fails);
}

/** By the kind of difference; composes each graph once. */
export function judgeWith(options: GraphOptions = {}): Judge {
  let last: { model: Model; graph: GeneratedGraph } | undefined;
  return async ({ model, run }) => {
    try {
      if (last?.model !== model) {
        await last?.graph.close();
        last = { model, graph: await createGeneratedGraph(model, options) };
      }
      if (!isValid(last.graph.monolith, run.operation.query)) return null;
      return (await compareRun(last.graph, run))?.kind ?? null;
    } catch {
      return null;
    }
  };
}

type Fails = (one: Case) => Promise<boolean>;

async function shrinkOperation({ model, run }: Case, fails: Fails): Promise<Case> {
  let best = run;
  for (let at = 0; ;) {
    const operation = smallerOperations(best.operation)[at];
    if (!operation) return { model, run: best };
    const next = { ...best, operation };
    if (await fails({ model, run: next })) best = next;
    else at += 1;
  }
}

function isValid(schema: GraphQLSchema, query: string): boolean {
  try {
    const isMutation = query.startsWith('mutation');
    return (!isMutation || !!schema.getMutationType()) && validate(schema, parse(query)).length === 0;
  } catch {
    return false;
  }
}

type Edit = (copy: Model) => void;

/** Tries to leave out many things at once, then fewer and fewer. */
async function shrinkModel({ model, run }: Case, fails: Fails): Promise<Case> {
  let best = model;
  for (const edits of [wholesale(model), details(model)]) {
    let left = edits;
    for (let size = Math.ceil(left.length / 2); left.length; size = Math.ceil(size / 2)) {
      const kept: Edit[] = [];
      for (let at = 0; at < left.length; at += size) {
        const chunk = left.slice(at, at + size);
        const copy = structuredClone(best);
        chunk.forEach((edit) => edit(copy));
        if (await fails({ model: copy, run })) best = copy;
        else kept.push(...chunk);
      }
      left = kept;
      if (size === 1) break;
    }
  }
  return { model: best, run };
}

function smallerOperations({ query, variables }: RandomOperation): RandomOperation[] {
  const document = parse(query, { noLocation: true });
  const text = print(document);
  const edits: ((at: number) => DocumentNode | null)[] = [dropSelection, unwrapFragment, dropDetails];
  return edits.flatMap((edit) => {
    const results: RandomOperation[] = [];
    for (let at = 0; ; at += 1) {
      const edited = edit(at);
      if (!edited) return results;
      const smaller = print(withoutUnused(edited));
      if (smaller !== text) results.push({ query: smaller, variables });
    }
  });

  /** Removes the selection at a place, counted over the whole document. */
  function dropSelection(wanted: number): DocumentNode | null {
    return changeSelection(wanted, () => []);
  }
  function unwrapFragment(wanted: number): DocumentNode | null {
    return changeSelection(wanted, (node) => {
      if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet.selections;
      if (node.kind === Kind.FIELD) return [node];
      const fragment = document.definitions.find(
        (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === node.name.value,
      );
      if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return [node];
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: fragment.typeCondition,
          selectionSet: fragment.selectionSet,
        },
      ];
    });
  }
  function dropDetails(wanted: number): DocumentNode | null {
    return changeSelection(wanted, (node) => [
      node.kind === Kind.FIELD ? bareField(node) : { ...node, directives: [] },
    ]);
  }
  function changeSelection(
    wanted: number,
    change: (
      node: SelectionSetNode['selections'][number],
    ) => readonly SelectionSetNode['selections'][number][],
  ): DocumentNode | null {
    let count = 0;
    let found = false;
    const changed = visit(document, {
      SelectionSet: (set) => ({
        ...set,
        selections: set.selections.flatMap((node) => {
          const isIt = count === wanted;
          count += 1;
          if (isIt) found = true;
          return isIt ? change(node) : [node];
        }),
      }),
    });
    return found ? withoutEmpty(changed) : null;
  }
}

function bareField({ kind, name, selectionSet }: FieldNode): FieldNode {
  return { kind, name, ...(selectionSet ? { selectionSet } : {}) };
}

function withoutEmpty(document: DocumentNode): DocumentNode {
  const isEmpty = (set: SelectionSetNode | undefined) => set?.selections.length === 0;
  return visit(document, {
    Field: { leave: (node) => (isEmpty(node.selectionSet) ? null : undefined) },
    InlineFragment: { leave: (node) => (isEmpty(node.selectionSet) ? null : undefined) },
  });
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const spread = new Set<string>();
  const used = new Set<string>();
  visit(document, {
    FragmentSpread: ({ name }) => void spread.add(name.value),
    Variable: ({ name }, _key, parent) => {
      const isDefinition =
        parent && !Array.isArray(parent) && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
      if (!isDefinition) used.add(name.value);
    },
  });
  return visit(document, {
    FragmentDefinition: ({ name }) => (spread.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
}

/** Whole subgraphs and types. */
function wholesale(model: Model): Edit[] {
  return [
    ...model.subgraphs.map(
      ({ name }): Edit =>
        (copy) =>
          dropSubgraph(copy, name),
    ),
    ...model.types.map(
      ({ name }): Edit =>
        (copy) =>
          void (copy.types = copy.types.filter((type) => type.name !== name)),
    ),
  ];
}

function details(model: Model): Edit[] {
  const edits: Edit[] = model.subgraphs.map(
    (_, at) => (copy) => void (copy.subgraphs[at] && (copy.subgraphs[at].rootNames = {})),
  );
  for (const { name } of model.types) {
    const change =
      (edit: (type: TypeModel) => void): Edit =>
      (copy) => {
        const type = copy.types.find((one) => one.name === name);
        if (type) edit(type);
      };
    edits.push(...typeEdits(model.types.find((type) => type.name === name)!).map(change));
  }
  return edits;
}

function typeEdits(type: TypeModel): ((copy: TypeModel) => void)[] {
  const edits: ((copy: TypeModel) => void)[] = [];
  const only = <K extends TypeModel['kind']>(
    kind: K,
    edit: (copy: Extract<TypeModel, { kind: K }>) => void,
  ) => edits.push((copy) => void (copy.kind === kind && edit(copy as Extract<TypeModel, { kind: K }>)));
  if (type.kind === 'object' || type.kind === 'interface') {
    const { kind } = type;
    for (const { name, holders, externals } of type.fields) {
      only(kind, (copy) => (copy.fields = copy.fields.filter((field) => field.name !== name)));
      for (const edit of fieldEdits(holders, externals))
        only(kind, (copy) => {
          const field = copy.fields.find((one) => one.name === name);
          if (field) edit(field);
        });
    }
  }
  if (type.kind === 'object') {
    for (const key of type.keys)
      only('object', (copy) => (copy.keys = copy.keys.filter(({ fields }) => fields !== key.fields)));
    for (const name of type.in) only('object', (copy) => dropFrom(copy, name));
    only('object', (copy) => (copy.missingIn = []));
  }
  if (type.kind === 'interface' || type.kind === 'union')
    for (const member of type.members)
      only(type.kind, (copy) => (copy.members = copy.members.filter((name) => name !== member)));
  return edits;
}

function fieldEdits(
  holders: readonly string[],
  externals: readonly string[],
): ((field: FieldModel) => void)[] {
  return [
    (field) => (field.provides = {}),
    (field) => delete field.override,
    (field) => (field.args = []),
    (field) => {
      delete field.tag;
      delete field.inaccessible;
      field.strictIn = [];
    },
    (field) => (field.type = 'nonNull' in field.type ? field.type.nonNull : field.type),
    (field) => (field.type = 'list' in field.type ? field.type.list : field.type),
    ...holders.map(
      (name) => (field: FieldModel) => void (field.holders = field.holders.filter((other) => other !== name)),
    ),
    ...externals.map(
      (name) => (field: FieldModel) =>
        void (field.externals = field.externals.filter((other) => other !== name)),
    ),
  ];
}

function dropSubgraph(copy: Model, name: string): void {
  copy.subgraphs = copy.subgraphs.filter((one) => one.name !== name);
  const without = (names: string[]) => names.filter((other) => other !== name);
  for (const type of copy.types) {
    if ('in' in type) dropFrom(type, name);
    if (type.kind === 'interface') type.objectIn = without(type.objectIn);
    if (type.kind !== 'object' && type.kind !== 'interface') continue;
    const isShared = (field: FieldModel) =>
      type.kind === 'object' && type.role === 'value' && !field.holders.length;
    for (const field of type.fields) {
      field.externals = without(field.externals);
      delete field.provides[name];
      if (field.override?.from === name) delete field.override;
    }
    type.fields = type.fields.filter(
      (field) => isShared(field) || (field.holders = without(field.holders)).length,
    );
  }
}

/** Takes a subgraph from those that have a type, with its keys there. */
function dropFrom(
  type: { in: string[]; keys?: { in: string[] }[]; fields?: FieldModel[] },
  name: string,
): void {
  const had = type.in.length > 0;
  type.in = type.in.filter((other) => other !== name);
  for (const key of type.keys ?? []) key.in = key.in.filter((other) => other !== name);
  if (type.keys) type.keys = type.keys.filter((key) => key.in.length);
  for (const field of type.fields ?? []) {
    if (had && field.holders.length > 1) field.holders = field.holders.filter((other) => other !== name);
    field.externals = field.externals.filter((other) => other !== name);
  }
}
