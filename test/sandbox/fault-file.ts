import { z } from 'zod';
import { type FaultRule, faultRuleSchema } from './faults.ts';

const rules = z.array(faultRuleSchema);
const fileSchema = z.union([
  rules.transform((workspace) => ({ workspace, salesforce: [], custify: [] })),
  z.strictObject({
    workspace: rules.default([]),
    salesforce: rules.default([]),
    custify: rules.default([]),
  }),
]);

/** The rules of each server. */
type FaultFile = Record<'workspace' | 'salesforce' | 'custify', FaultRule[]>;

/** The text of a file of fault rules: a list for the workspace, or one for each server. Throws SyntaxError, ZodError. */
export const parseFaultFile = (text: string): FaultFile => fileSchema.parse(JSON.parse(text));
