import type { Persona } from '#ontology/ports/identity.ts';

/** The people of the demo plant: one for each role, and a second manager, so that two can approve what a third amended. */
export const personas: readonly Persona[] = [
  { id: 'olivia', name: 'Olivia Ortega', duty: 'Operator of line 1', roles: ['operator'] },
  {
    id: 'ravi',
    name: 'Ravi Menon',
    duty: 'Reliability engineer: judges recommendations',
    roles: ['reliability-engineer'],
  },
  {
    id: 'petra',
    name: 'Petra Lindqvist',
    duty: 'Maintenance planner: plans and approves',
    roles: ['planner'],
  },
  {
    id: 'marc',
    name: 'Marc Dubois',
    duty: 'Maintenance manager: approves, second person',
    roles: ['maintenance-manager'],
  },
  {
    id: 'ines',
    name: 'Ines Albrecht',
    duty: 'Integrator: imports models, writes samples',
    roles: ['integrator'],
  },
  {
    id: 'nora',
    name: 'Nora Okafor',
    duty: 'Maintenance manager of the night shift: approves when a colleague amended the plan',
    roles: ['maintenance-manager'],
  },
];
