import { z } from 'zod';

/**
 * Answers of the API. Sources show which keys clients read, never validated answers, so everything is optional but
 * what nothing can be done without: a record's id, and the list itself. Fields that say a user stay unknown here.
 */

const text = z.string().nullish().catch(null);
/** What decides whether something is anybody's at all: of another type it says nothing that could be gone by. */
const decisive = z.string().nullish();

/** The id under the one or the other of the names under which Custify's own client looks for it. */
export const idOf = (record: { id?: unknown; _id?: unknown }): string | undefined => {
  const id = record.id ?? record._id;
  return typeof id === 'string' && id !== '' ? id : typeof id === 'number' ? String(id) : undefined;
};

const identified = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .looseObject({ ...shape, id: z.unknown().optional(), _id: z.unknown().optional() })
    .refine((record) => idOf(record as { id?: unknown; _id?: unknown }) !== undefined, {
      message: 'a record with an id',
    });

export const companySchema = identified({
  company_id: z.union([z.string(), z.number()]).nullish(),
  name: text,
  industry: text,
  plan: text,
  owners_csm_name: text,
  owners_csm_email: text,
  owners_account_name: text,
  owners_account_email: text,
  custom_attributes: z.record(z.string(), z.unknown()).nullish(),
});
export type CompanyRecord = z.infer<typeof companySchema>;

export const taskSchema = identified({
  name: text,
  title: text,
  status: decisive,
  priority: text,
  dueDate: text,
  snoozedUntilDate: text,
  assignedToModel: decisive,
  assignedToName: text,
  assignedToEmail: text,
});
export type TaskRecord = z.infer<typeof taskSchema>;

/** A record of which only id and name matter here; the rest is looked through as it is. */
export const namedSchema = identified({ name: text, title: text });
export type NamedRecord = z.infer<typeof namedSchema>;

export const attributesSchema = z.array(
  z.looseObject({ name: z.string().min(1), niceName: text, fieldType: decisive }),
);

const people = z.array(z.unknown()).catch([]);
/** Whoever tasks refer to. Photos come with it and are dropped. */
export const valuesSchema = z.looseObject({
  assignedTo: people.default([]),
  collaborators: people.default([]),
  createdBy: people.default([]),
});

export interface List<T> {
  total: number | undefined;
  items: T[];
}

/** `{total, <name>: […]}`; of people an array may be around it, of which the first element is that. */
export function listSchema<T>(name: string, record: z.ZodType<T>): z.ZodType<List<T>> {
  const envelope = z.looseObject({
    total: z.number().int().nonnegative().nullish().catch(null),
    [name]: z.array(record),
  });
  const read = (found: z.infer<typeof envelope>): List<T> => ({
    total: typeof found.total === 'number' ? found.total : undefined,
    items: found[name] as T[],
  });
  return z
    .preprocess((answer) => (Array.isArray(answer) ? answer[0] : answer), envelope)
    .transform(read) as unknown as z.ZodType<List<T>>;
}

/** What a write answers: the record, or one in a list; clients disagree, so only a way to its id is read. */
export const writtenSchema = z.union([
  z.looseObject({
    id: z.union([z.string(), z.number()]).optional(),
    _id: z.union([z.string(), z.number()]).optional(),
    companies: z.array(z.looseObject({})).optional(),
    tasks: z.array(z.looseObject({})).optional(),
  }),
]);

/** The id of the record that a write answered with, where it said one. */
export function writtenId(answer: z.infer<typeof writtenSchema>): string | undefined {
  return idOf(answer) ?? idOf(answer.companies?.[0] ?? answer.tasks?.[0] ?? {});
}
