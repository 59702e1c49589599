import { WorkspaceError } from '../errors.ts';
import type { Client } from './client.ts';
import { readAll } from './lists.ts';
import type { Person } from './persons.ts';
import { assigneeOf, lists, type Task, toTask } from './reading.ts';
import { idOf } from './wire.ts';
import { words } from './words.ts';

const byAssignee = (id: string) => ({ filters: JSON.stringify([{ field: 'assignedTo', values: [id] }]) });

/** So many pages, spread over the whole list, are looked through for somebody who has a task. */
const samples = 8;

/** The id of somebody other than this one to whom a task is assigned. */
async function somebodyElse(client: Client, id: string, signal?: AbortSignal): Promise<string | undefined> {
  const { path, schema, size } = lists.tasks;
  let pages = 1;
  for (let sample = 0; sample < samples; sample += 1) {
    const page = 1 + Math.floor((sample * (pages - 1)) / (samples - 1));
    const { items, total } = await client.get(path, schema, { page, itemsPerPage: size }, signal);
    const found = items.map((task) => assigneeOf(task).mention?.id).find((each) => each && each !== id);
    if (found !== undefined) return found;
    pages = Math.ceil((total ?? lists.tasks.most) / Math.max(1, items.length, size));
  }
  return undefined;
}

/**
 * The tasks of one person where there are too many to read them all: by the server's filter, once it has shown that
 * it finds the tasks of somebody else by their id. Throws WorkspaceError: `unsupported` where it does not.
 */
export async function readTasksOf(client: Client, person: Person, signal?: AbortSignal): Promise<Task[]> {
  if (person.id === undefined) throw new WorkspaceError('unsupported', words.noIdToFilter);
  const { path, schema, size } = lists.tasks;
  const other = await somebodyElse(client, person.id, signal);
  const noFilter = (): WorkspaceError => new WorkspaceError('unsupported', words.noFilter);
  // Without somebody else's tasks to find it shows nothing.
  if (other === undefined) throw noFilter();
  const parameters = { ...byAssignee(other), page: 1, itemsPerPage: size };
  const found = await client.get(path, schema, parameters, signal);
  const theirs = found.items.every((task) => assigneeOf(task).mention?.id === other);
  if (found.items.length === 0 || !theirs) throw noFilter();
  const records = await readAll(client, { ...lists.tasks, parameters: byAssignee(person.id) }, signal);
  return records.filter((record) => idOf(record) !== undefined).map(toTask);
}
