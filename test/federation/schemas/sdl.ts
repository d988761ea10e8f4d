import {
  ModelView,
  nullable,
  strict,
  textOf,
  nameOf,
  type ArgModel,
  type EnumModel,
  type FieldModel,
  type InputModel,
  type InterfaceModel,
  type Model,
  type ObjectModel,
  type TypeModel,
} from './model.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject", "@tag"])\n`;

/** The SDL of one subgraph of a model. */
export function subgraphSdl(model: Model, subgraph: string): string {
  return new SubgraphWriter(model, subgraph).write();
}

/** Names of the types a subgraph declares: its entities, and whatever its fields lead to. */
export function declaredIn(view: ModelView, subgraph: string): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const type = view.get(name);
    if (!type || seen.has(name)) return;
    if (type.kind === 'object') visitObject(type);
    else if (type.kind === 'interface') visitInterface(type);
    else if (type.kind === 'union') {
      seen.add(name);
      view.membersIn(subgraph, type).forEach(visit);
    } else {
      seen.add(name);
      if (type.kind === 'input')
        for (const field of type.fields) if (!field.absentIn.includes(subgraph)) visit(nameOf(field.type));
    }
  };
  const visitFields = (fields: readonly FieldModel[]): void => {
    for (const field of fields) {
      visit(nameOf(field.type));
      for (const arg of field.args) if (!arg.absentIn.includes(subgraph)) visit(nameOf(arg.type));
    }
  };
  const visitObject = (type: ObjectModel): void => {
    seen.add(type.name);
    visitFields(type.fields.filter((field) => view.declares(subgraph, type, field)));
    for (const one of view.interfacesOf(subgraph, type)) visit(one.name);
  };
  const visitInterface = (type: InterfaceModel): void => {
    seen.add(type.name);
    if (type.objectIn.includes(subgraph)) visitFields(interfaceObjectFields(view, type, subgraph));
    else view.membersIn(subgraph, type).forEach(visit);
  };
  for (const type of view.model.types) {
    if (type.kind === 'object' && type.role !== 'value') {
      if (
        type.role === 'root'
          ? type.fields.some((field) => view.declares(subgraph, type, field))
          : type.in.includes(subgraph)
      )
        visit(type.name);
    }
    if (type.kind === 'object' && type.role === 'value' && type.in.includes(subgraph)) visit(type.name);
    if (type.kind === 'interface' && type.objectIn.includes(subgraph)) visit(type.name);
  }
  return seen;
}

function interfaceObjectFields(view: ModelView, type: InterfaceModel, subgraph: string): FieldModel[] {
  const member = view.object(type.members[0] ?? '');
  const external = (member?.fields ?? []).filter(
    (field) => type.common.includes(field.name) && field.externals.includes(subgraph),
  );
  const own = type.fields.filter(
    (field) => field.holders.includes(subgraph) || field.externals.includes(subgraph),
  );
  return [...external, ...own];
}

/** How values differ: what a subgraph leaves out of an enum. */
function valuesIn(type: EnumModel, subgraph: string): string[] {
  return type.values.filter((value) => !type.without[subgraph]?.includes(value));
}

class SubgraphWriter {
  readonly #view: ModelView;
  readonly #subgraph: string;

  constructor(model: Model, subgraph: string) {
    this.#view = new ModelView(model);
    this.#subgraph = subgraph;
  }

  write(): string {
    const { model } = this.#view;
    const declared = declaredIn(this.#view, this.#subgraph);
    const { rootNames } = model.subgraphs.find(({ name }) => name === this.#subgraph)!;
    const roots = (['Query', 'Mutation'] as const).filter((name) => declared.has(name));
    const renamed = roots.filter((name) => rootNames[name]);
    const schema = renamed.length
      ? `schema { ${roots.map((name) => `${name.toLowerCase()}: ${rootNames[name] ?? name}`).join(' ')} }\n`
      : '';
    const types = model.types
      .filter(({ name }) => declared.has(name))
      .map((type) => this.#type(type, rootNames));
    return link + schema + types.join('\n');
  }

  #type(type: TypeModel, rootNames: Record<string, string>): string {
    const { name } = type;
    if (type.kind === 'scalar') return `scalar ${name}`;
    if (type.kind === 'enum') return `enum ${name} { ${valuesIn(type, this.#subgraph).join(' ')} }`;
    if (type.kind === 'union')
      return `union ${name} = ${this.#view.membersIn(this.#subgraph, type).join(' | ')}`;
    if (type.kind === 'input') return `input ${name} { ${this.#inputFields(type)} }`;
    return type.kind === 'interface' ? this.#interface(type) : this.#object(type, rootNames);
  }

  #inputFields(type: InputModel): string {
    return type.fields
      .filter((field) => !field.absentIn.includes(this.#subgraph))
      .map((field) => this.#argument(field))
      .join(' ');
  }

  #argument(arg: ArgModel): string {
    const type = arg.requiredIn.includes(this.#subgraph) ? strict(arg.type) : arg.type;
    return `${arg.name}: ${textOf(type)}${arg.default === undefined ? '' : ` = ${arg.default}`}`;
  }

  #interface(type: InterfaceModel): string {
    if (type.objectIn.includes(this.#subgraph)) {
      const key = this.#view.field(type.members[0]!, type.key!)!;
      const fields = interfaceObjectFields(this.#view, type, this.#subgraph).map((field) =>
        this.#field(
          field,
          field.holders.includes(this.#subgraph) && type.fields.includes(field),
          type.fields.includes(field),
        ),
      );
      return `type ${type.name} @interfaceObject @key(fields: "${type.key}") { ${type.key}: ${textOf(key.type)} ${fields.join(' ')} }`;
    }
    const fields = this.#view
      .fieldsIn(this.#subgraph, type)
      .map((field) => `${field.name}${this.#arguments(field)}: ${textOf(this.#typeOf(field))}`);
    const key = type.key ? ` @key(fields: "${type.key}")` : '';
    return `interface ${type.name}${key} { ${fields.join(' ')} }`;
  }

  #object(type: ObjectModel, rootNames: Record<string, string>): string {
    const view = this.#view;
    const subgraph = this.#subgraph;
    const implemented = view.interfacesOf(subgraph, type).map(({ name }) => name);
    const keys = type.keys
      .filter((key) => key.in.includes(subgraph))
      .map(
        (key) =>
          ` @key(fields: "${key.fields}"${key.unresolvableIn.includes(subgraph) ? ', resolvable: false' : ''})`,
      );
    const fields = type.fields
      .filter((field) => view.declares(subgraph, type, field))
      .map((field) =>
        this.#field(field, view.resolves(subgraph, type, field), type.role !== 'value' || type.in.length > 0),
      );
    const shared = type.role === 'value' && !type.in.length ? ' @shareable' : '';
    const heading = `type ${rootNames[type.name] ?? type.name}${implemented.length ? ` implements ${implemented.join(' & ')}` : ''}`;
    return `${heading}${keys.join('')}${shared} { ${fields.join(' ')} }`;
  }

  #arguments(field: FieldModel): string {
    const args = field.args.filter((arg) => !arg.absentIn.includes(this.#subgraph));
    return args.length ? `(${args.map((arg) => this.#argument(arg)).join(', ')})` : '';
  }

  #typeOf(field: FieldModel) {
    return field.strictIn.includes(this.#subgraph) ? strict(field.type) : field.type;
  }

  #field(field: FieldModel, resolves: boolean, alone: boolean): string {
    const isFirst = (field.holders[0] ?? this.#subgraph) === this.#subgraph;
    const { override } = field;
    const said = [
      resolves && alone && (field.holders.length > 1 || isProvidedAnywhere(this.#view, field))
        ? '@shareable'
        : '',
      !resolves && override?.from !== this.#subgraph ? '@external' : '',
      resolves && field.requires ? `@requires(fields: ${JSON.stringify(field.requires)})` : '',
      resolves && field.provides[this.#subgraph]
        ? `@provides(fields: ${JSON.stringify(field.provides[this.#subgraph])})`
        : '',
      resolves && override
        ? `@override(from: "${override.from}"${override.label ? `, label: "${override.label}"` : ''})`
        : '',
      field.inaccessible && isFirst ? '@inaccessible' : '',
      field.tag && isFirst ? '@tag(name: "internal")' : '',
    ];
    return `${field.name}${this.#arguments(field)}: ${textOf(this.#typeOf(field))} ${said.join(' ')}`.trim();
  }
}

function isProvidedAnywhere(view: ModelView, field: FieldModel): boolean {
  if (!field.externals.length) return false;
  return view
    .objects()
    .some(({ fields }) =>
      fields.some((other) =>
        Object.values(other.provides).some((set) => set.split(/\W+/).includes(field.name)),
      ),
    );
}

/** The schema clients see, by the rules of composition, in one SDL. */
export function publicSdl(model: Model): string {
  const view = new ModelView(model);
  const names = model.subgraphs.map(({ name }) => name);
  const declaredBy = new Map<string, string[]>();
  for (const subgraph of names)
    for (const name of declaredIn(view, subgraph))
      declaredBy.set(name, [...(declaredBy.get(name) ?? []), subgraph]);
  const writer = new PublicWriter(view, declaredBy);
  return model.types
    .filter(({ name }) => declaredBy.has(name))
    .map((type) => writer.type(type))
    .filter(Boolean)
    .join('\n');
}

/** The arguments or input fields that are left when each subgraph of `having` must know them. */
export function publicArguments(args: readonly ArgModel[], having: readonly string[]): ArgModel[] {
  return args
    .filter((arg) => !arg.absentIn.some((name) => having.includes(name)))
    .map((arg) =>
      arg.requiredIn.some((name) => having.includes(name)) ? { ...arg, type: strict(arg.type) } : arg,
    );
}

class PublicWriter {
  readonly #view: ModelView;
  readonly #declaredBy: ReadonlyMap<string, string[]>;

  constructor(view: ModelView, declaredBy: ReadonlyMap<string, string[]>) {
    this.#view = view;
    this.#declaredBy = declaredBy;
  }

  type(type: TypeModel): string {
    const { name } = type;
    const declaring = this.#declaredBy.get(name) ?? [];
    if (type.kind === 'scalar') return `scalar ${name}`;
    if (type.kind === 'enum') return `enum ${name} { ${this.#values(type, declaring).join(' ')} }`;
    if (type.kind === 'input')
      return `input ${name} { ${publicArguments(type.fields, declaring).map(argument).join(' ')} }`;
    if (type.kind === 'union') {
      const members = new Set(declaring.flatMap((subgraph) => this.#view.membersIn(subgraph, type)));
      return `union ${name} = ${type.members.filter((member) => members.has(member)).join(' | ')}`;
    }
    return type.kind === 'interface' ? this.#interface(type, declaring) : this.#object(type, declaring);
  }

  /** All of them where the enum is only answered, those that all know where it is only asked with. */
  #values(type: EnumModel, declaring: readonly string[]): string[] {
    const having = (value: string) => declaring.filter((name) => valuesIn(type, name).includes(value)).length;
    const isInput = ['Mode'].includes(type.name);
    return type.values.filter((value) => (isInput ? having(value) === declaring.length : having(value) > 0));
  }

  #interface(type: InterfaceModel, declaring: readonly string[]): string {
    const names = new Set(
      declaring.flatMap((subgraph) => this.#view.fieldsIn(subgraph, type).map(({ name }) => name)),
    );
    const fields = [...names].map((name) => this.#view.field(type.members[0]!, name)!);
    return `interface ${type.name} { ${[...fields, ...type.fields]
      .filter(visible)
      .map((field) => this.#field(field, declaring))
      .join(' ')} }`;
  }

  #object(type: ObjectModel, declaring: readonly string[]): string {
    const interfaces = this.#view
      .interfaces()
      .filter((one) => declaring.some((subgraph) => this.#view.interfacesOf(subgraph, type).includes(one)));
    const added = interfaces.flatMap(({ fields }) => fields);
    const implemented = interfaces.length
      ? ` implements ${interfaces.map(({ name }) => name).join(' & ')}`
      : '';
    const own = type.fields.filter((field) => type.role === 'value' || field.holders.length);
    return `type ${type.name}${implemented} { ${[...own, ...added]
      .filter(visible)
      .map((field) => this.#field(field, declaring))
      .join(' ')} }`;
  }

  #field(field: FieldModel, declaring: readonly string[]): string {
    const having = field.holders.length
      ? [...field.holders, ...field.externals, ...(field.override ? [field.override.from] : [])]
      : declaring;
    const args = publicArguments(field.args, having);
    const text = args.length ? `(${args.map(argument).join(', ')})` : '';
    const type =
      field.strictIn.length && having.every((name) => field.strictIn.includes(name))
        ? field.type
        : field.type;
    return `${field.name}${text}: ${textOf(type)}`;
  }
}

function visible(field: FieldModel): boolean {
  return !field.inaccessible;
}

function argument(arg: ArgModel): string {
  return `${arg.name}: ${textOf(arg.type)}${arg.default === undefined ? '' : ` = ${arg.default}`}`;
}

export { nullable };
