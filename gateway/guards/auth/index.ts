export { createAccessRules } from './access-rules.ts';
export { principalPolicies, type AuthPort } from './policies.ts';
