import {
  DataType,
  StatusCodes,
  Variant,
  type CallbackT,
  type CallMethodResultOptions,
  type ISessionContext,
  type Namespace,
  type UAObject,
} from 'node-opcua';

/** What the methods of the Simulation object do; each answers whether it was taken, and why. */
export interface PlantMethods {
  startScenario(name: string): MethodAnswer;
  stopScenario(name: string): MethodAnswer;
  performMaintenance(equipment: string, failureModeId: string): MethodAnswer;
  /** The present condition as JSON text. */
  describe(): MethodAnswer;
}

export interface MethodAnswer {
  readonly accepted: boolean;
  readonly text: string;
}

/** Adds the methods; node ids are `ns=1;s=Simulation.<Name>`. @see OPC 10000-4, Call service */
export function addMethods(namespace: Namespace, simulation: UAObject, methods: PlantMethods): void {
  const add = methodAdder(namespace, simulation);
  add('StartScenario', ['name'], ([name = '']) => methods.startScenario(name));
  add('StopScenario', ['name'], ([name = '']) => methods.stopScenario(name));
  add('PerformMaintenance', ['equipment', 'failureModeId'], ([equipment = '', failureModeId = '']) =>
    methods.performMaintenance(equipment, failureModeId),
  );
  add('Describe', [], () => methods.describe());
}

function methodAdder(namespace: Namespace, simulation: UAObject) {
  return (
    name: string,
    inputs: readonly string[],
    answer: (given: readonly string[]) => MethodAnswer,
  ): void => {
    const method = namespace.addMethod(simulation, {
      nodeId: `s=Simulation.${name}`,
      browseName: name,
      inputArguments: inputs.map((input) => ({ name: input, dataType: DataType.String })),
      outputArguments: [
        { name: 'accepted', dataType: DataType.Boolean },
        { name: 'text', dataType: DataType.String },
      ],
    });
    method.bindMethod(
      (given: Variant[], _context: ISessionContext, done: CallbackT<CallMethodResultOptions>) => {
        const { accepted, text } = answer(given.map((variant) => String(variant.value ?? '')));
        done(null, {
          statusCode: StatusCodes.Good,
          outputArguments: [
            new Variant({ dataType: DataType.Boolean, value: accepted }),
            new Variant({ dataType: DataType.String, value: text }),
          ],
        });
      },
    );
  };
}
