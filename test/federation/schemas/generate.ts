import { decorate } from './decorate.ts';
import { Dice } from './dice.ts';
import { addFields } from './generate-fields.ts';
import { newField, type EnumModel, type InputModel, type Model, type ObjectModel } from './model.ts';

const subgraphNames = ['assets', 'telemetry', 'risk', 'orders', 'people'];
const entityNames = ['Pump', 'Motor', 'Valve', 'Tank', 'Line'];
const valueNames = ['Plate', 'Range', 'Spot', 'Note'];

/** A random federated graph. The same for the same seed. */
export function generateModel(seed: number): Model {
  const dice = new Dice(seed);
  const subgraphs = subgraphNames.slice(0, dice.between(2, 5)).map((name) => ({
    name,
    rootNames: dice.chance(0.2)
      ? { Query: `${capital(name)}Query`, Mutation: `${capital(name)}Mutation` }
      : {},
  }));
  const model: Model = { seed, subgraphs, types: [] };
  const names = subgraphs.map(({ name }) => name);
  addLeaves(model, dice, names);
  const entities = entityNames
    .slice(0, dice.between(2, 4))
    .map((name) => newEntity(name, dice.some(names, 1), dice));
  if (!entities.some((entity) => entity.in.length > 1)) entities[0]!.in = dice.some(names, 2);
  model.types.push(...entities);
  for (const entity of entities) addKeys(model, entity, entities, dice);
  if (dice.chance(0.4)) addEntityInterface(model, names, dice);
  addValues(model, dice, names);
  addAbstract(model, dice, names);
  addFields(model, dice);
  decorate(model, dice);
  return model;
}

function capital(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

function newEntity(name: string, subgraphs: string[], dice: Dice): ObjectModel {
  void dice;
  return {
    kind: 'object',
    role: 'entity',
    name,
    in: subgraphs,
    keys: [],
    fields: [],
    missingIn: [],
    sinks: [],
  };
}

function addLeaves(model: Model, dice: Dice, names: string[]): void {
  for (const name of dice.some(['Stamp', 'Blob'], 0)) model.types.push({ kind: 'scalar', name });
  const without = (values: string[]) =>
    Object.fromEntries(
      names.filter(() => dice.chance(0.4)).map((name) => [name, [dice.pick(values.slice(1))]]),
    );
  const newEnum = (name: string, values: string[], differs: boolean): EnumModel => ({
    kind: 'enum',
    name,
    values,
    without: differs ? without(values) : {},
  });
  // What one and the same enum is used for decides by which rule it is composed, so each has one use.
  if (dice.chance(0.7)) model.types.push(newEnum('State', ['IDLE', 'RUNNING', 'FAILED'], dice.chance(0.6)));
  if (dice.chance(0.5)) model.types.push(newEnum('Mode', ['AUTO', 'MANUAL', 'OFF'], dice.chance(0.6)));
  if (dice.chance(0.4)) model.types.push(newEnum('Level', ['LOW', 'HIGH'], false));
  if (dice.chance(0.6)) model.types.push(...newInputs(model, dice, names));
}

/** The enums for each use. */
export const outputEnums = ['State', 'Level'];
export const inputEnums = ['Mode', 'Level'];

function newInputs(model: Model, dice: Dice, names: string[]): InputModel[] {
  const absentIn = () => (dice.chance(0.25) ? [dice.pick(names)] : []);
  const leaf = (name: string) => ({ name });
  const enums = model.types.filter(({ name }) => inputEnums.includes(name));
  const scalars = model.types.filter(({ kind }) => kind === 'scalar');
  const window: InputModel = {
    kind: 'input',
    name: 'Window',
    fields: [
      { name: 'from', type: { nonNull: leaf('Int') }, absentIn: [], requiredIn: [] },
      { name: 'to', type: leaf('Int'), absentIn: [], requiredIn: [], default: '9' },
      { name: 'tags', type: { list: { nonNull: leaf('String') } }, absentIn: absentIn(), requiredIn: [] },
      ...enums.map(({ name }) => ({ name: `by${name}`, type: leaf(name), absentIn: [], requiredIn: [] })),
      ...scalars.map(({ name }) => ({
        name: `in${name}`,
        type: leaf(name),
        absentIn: absentIn(),
        requiredIn: [],
      })),
    ],
  };
  const filter: InputModel = {
    kind: 'input',
    name: 'Filter',
    fields: [
      { name: 'text', type: leaf('String'), absentIn: [], requiredIn: dice.chance(0.2) ? [names[0]!] : [] },
      { name: 'window', type: leaf('Window'), absentIn: [], requiredIn: [] },
      { name: 'windows', type: { list: { nonNull: leaf('Window') } }, absentIn: absentIn(), requiredIn: [] },
      { name: 'not', type: leaf('Filter'), absentIn: [], requiredIn: [] },
    ],
  };
  return [window, filter];
}

const keyLeaves = ['ID', 'ID', 'String', 'Int'];

function addKeys(model: Model, entity: ObjectModel, entities: ObjectModel[], dice: Dice): void {
  const drawn = dice.chance(0.5) ? 0 : dice.below(4);
  if (drawn === 0 || entity.in.length === 1) {
    addKey(model, entity, entity.in, dice, entities);
    if (dice.chance(0.15)) addKey(model, entity, entity.in, dice, entities);
  } else if (drawn === 1) addHubKeys(model, entity, entities, dice);
  else if (drawn === 2) addChainedKeys(model, entity, entities, dice);
  else addSink(model, entity, entities, dice);
}

/** One subgraph knows all keys, each of the others some of them. */
function addHubKeys(model: Model, entity: ObjectModel, entities: ObjectModel[], dice: Dice): void {
  const [hub, ...others] = entity.in as [string, ...string[]];
  const count = dice.between(2, 3);
  const sets = others.map(() => dice.some([...Array(count).keys()], 1, 2));
  for (let index = 0; index < count; index += 1)
    addKey(model, entity, [hub, ...others.filter((_, at) => sets[at]!.includes(index))], dice, entities);
}

/** Each subgraph shares a key with the next one only. */
function addChainedKeys(model: Model, entity: ObjectModel, entities: ObjectModel[], dice: Dice): void {
  for (let index = 0; index + 1 < entity.in.length; index += 1)
    addKey(model, entity, entity.in.slice(index, index + 2), dice, entities);
}

/** The last subgraph is only reached by a key that some entities do not have. */
function addSink(model: Model, entity: ObjectModel, entities: ObjectModel[], dice: Dice): void {
  const last = entity.in.at(-1)!;
  const others = entity.in.slice(0, -1);
  addKey(model, entity, others, dice, entities);
  const name = `code${entity.keys.length}`;
  const field = newField(name, { name: dice.pick(keyLeaves) }, [others[0]!, last]);
  entity.fields.push({ ...field, key: 'nullable', safe: true });
  entity.keys.push({ fields: name, in: [others[0]!, last], unresolvableIn: [] });
  entity.sinks.push(last);
}

function addKey(
  model: Model,
  entity: ObjectModel,
  subgraphs: string[],
  dice: Dice,
  entities: ObjectModel[],
): void {
  const index = entity.keys.length;
  const shape = dice.below(10);
  const fields =
    shape < 6
      ? [addLeaf(index ? `key${index}` : 'id')]
      : shape < 8
        ? [addLeaf(`part${index}`), addLeaf(`serial${index}`)]
        : [addNested()];
  if (shape === 8) fields.push(addLeaf(`row${index}`));
  entity.keys.push({ fields: fields.join(' '), in: [...subgraphs], unresolvableIn: [] });

  function addLeaf(name: string): string {
    const type = { nonNull: { name: dice.pick(keyLeaves) } };
    entity.fields.push({ ...newField(name, type, [...subgraphs]), key: 'never null', safe: true });
    return name;
  }
  function addNested(): string {
    const name = `at${index}`;
    const other = entities.find((one) => one !== entity && one.keys[0]?.fields === 'id' && !one.sinks.length);
    const named =
      other && dice.chance(0.5) ? referred(other, subgraphs) : keyValue(model, entity.name, index, dice);
    const type = { nonNull: { name: named } };
    entity.fields.push({ ...newField(name, type, [...subgraphs]), key: 'never null', safe: true });
    return `${name} { ${named === other?.name ? 'id' : dice.pick(['no', 'no sub'])} }`;
  }
}

/** Makes an entity known, by its first key, to the subgraphs that refer to it. */
function referred(entity: ObjectModel, subgraphs: string[]): string {
  const [key] = entity.keys;
  for (const name of subgraphs) {
    if (!entity.in.includes(name)) {
      entity.in.push(name);
      key!.unresolvableIn.push(name);
    }
    if (!key!.in.includes(name)) key!.in.push(name);
    const field = entity.fields.find((one) => one.name === 'id')!;
    if (!field.holders.includes(name)) field.holders.push(name);
  }
  return entity.name;
}

/** A value type that is part of a key. */
function keyValue(model: Model, owner: string, index: number, dice: Dice): string {
  const name = `${owner}At${index}`;
  const leaf = (field: string) => ({
    ...newField(field, { nonNull: { name: dice.pick(keyLeaves) } }, []),
    key: 'never null' as const,
    safe: true,
  });
  model.types.push({
    kind: 'object',
    role: 'value',
    name,
    in: [],
    keys: [],
    fields: [leaf('no'), leaf('sub')],
    missingIn: [],
    sinks: [],
  });
  return name;
}

function addEntityInterface(model: Model, names: string[], dice: Dice): void {
  const order = dice.some(names, names.length);
  const home = order[0]!;
  const objectIn = dice.some(order.slice(1), 1, 2);
  const elsewhere = order.slice(1).filter((name) => !objectIn.includes(name));
  const type = { nonNull: { name: dice.pick(['ID', 'String']) } };
  const members = ['Book', 'Film', 'Song'].slice(0, dice.between(2, 3)).map((name): ObjectModel => {
    const subgraphs = [home, ...dice.some(elsewhere, 0, 1)];
    return {
      ...newEntity(name, subgraphs, dice),
      space: 'Media',
      keys: [{ fields: 'id', in: subgraphs, unresolvableIn: [] }],
      fields: [{ ...newField('id', type, [...subgraphs]), key: 'never null', safe: true }],
    };
  });
  model.types.push(...members, {
    kind: 'interface',
    name: 'Media',
    key: 'id',
    members: members.map(({ name }) => name),
    common: ['id'],
    in: [home],
    objectIn,
    fields: [],
  });
}

function addValues(model: Model, dice: Dice, names: string[]): void {
  for (const name of valueNames.slice(0, dice.between(1, 4))) {
    const only = dice.chance(0.4) ? [dice.pick(names)] : [];
    model.types.push({ ...newEntity(name, only, dice), role: 'value' });
  }
}

function addAbstract(model: Model, dice: Dice, names: string[]): void {
  const objects = model.types.filter(
    (type): type is ObjectModel => type.kind === 'object' && !type.sinks.length && !/At\d/.test(type.name),
  );
  for (const name of ['Node', 'Labelled'].slice(0, dice.below(3))) {
    const members = dice.some(objects, 2, 3);
    model.types.push({
      kind: 'interface',
      name,
      members: members.map((type) => type.name),
      common: [],
      in: dice.some(names, 1),
      objectIn: [],
      fields: [],
    });
  }
  for (const name of ['Hit', 'Cause'].slice(0, dice.below(3))) {
    const members = dice.some(objects, 2, 3).map((type) => type.name);
    const leaveOut = names
      .filter(() => dice.chance(0.3))
      .map((one): [string, string[]] => [one, [dice.pick(members)]]);
    model.types.push({ kind: 'union', name, members, without: Object.fromEntries(leaveOut) });
  }
}
