import { WorkspaceError } from '../errors.ts';
import type { Client } from './client.ts';
import { readAll } from './lists.ts';
import type { Person } from './persons.ts';
import { assigneeOf, lists, type Task, toTask } from './reading.ts';
import { idOf } from './wire.ts';
import { words } from './words.ts';

const byAssignee = (id: string) => ({ filters: JSON.stringify([{ field: 'assignedTo', values: [id] }]) });

/**
 * The tasks of one person where there are too many to read them all: by the server's filter, once it has shown that
 * it finds the tasks of somebody else by their id. Throws WorkspaceError: `unsupported` where it does not.
 */
export async function readTasksOf(client: Client, person: Person, signal?: AbortSignal): Promise<Task[]> {
  if (person.id === undefined) throw new WorkspaceError('unsupported', words.noIdToFilter);
  const { path, schema, size } = lists.tasks;
  const sample = await client.get(path, schema, { page: 1, itemsPerPage: size }, signal);
  const known = sample.items.find((task) => assigneeOf(task).mention?.id !== undefined);
  const other = known && assigneeOf(known).mention?.id;
  if (other !== undefined) {
    const parameters = { ...byAssignee(other), page: 1, itemsPerPage: size };
    const found = await client.get(path, schema, parameters, signal);
    const theirs = found.items.every((task) => assigneeOf(task).mention?.id === other);
    if (found.items.length === 0 || !theirs) throw new WorkspaceError('unsupported', words.noFilter);
  }
  const records = await readAll(client, { ...lists.tasks, parameters: byAssignee(person.id) }, signal);
  return records.filter((record) => idOf(record) !== undefined).map(toTask);
}
