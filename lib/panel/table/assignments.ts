import type { Item } from '../../offboarding/model.ts';
import { type CompiledPlan, compilePlan, needsCustomers } from '../../offboarding/plan.ts';
import type { ItemReader } from '../../store/store.ts';
import type { Dataset } from './dataset.ts';
import type { PlanRequest, PlanSummary } from './projection.ts';
import { type Ranked, rankCodes } from './ranks.ts';

/** Who receives each item of a category under one plan, as far as its items are there. */
export class Assignments {
  /** Index into `members`, by index; -1: nobody. */
  readonly receiver: number[] = [];
  /** 1: an override decides; 1: the receiver is one to warn about. By index. */
  readonly own: number[] = [];
  readonly warned: number[] = [];
  readonly members: string[] = [];
  readonly summary: PlanSummary = { own: 0, unassigned: 0, warned: 0, byMember: {} };
  readonly #dataset: Dataset;
  readonly #request: PlanRequest;
  readonly #compiled: CompiledPlan;
  readonly #memberIndex = new Map<string, number>();
  readonly #suspects: ReadonlySet<string>;
  #ranked: Ranked | undefined;

  private constructor(dataset: Dataset, request: PlanRequest, compiled: CompiledPlan) {
    this.#dataset = dataset;
    this.#request = request;
    this.#compiled = compiled;
    this.#suspects = new Set(request.warned);
  }

  /** Prepares a plan; what it has to know of the customers is read from the store. */
  static async of(reader: ItemReader, dataset: Dataset, request: PlanRequest): Promise<Assignments> {
    const { run, category } = dataset.request;
    const { plan, deciding, leaver } = request;
    const target = plan.defaults[category];
    const follows = target !== undefined && 'sameAsCustomer' in target;
    let customers: Map<string, Item> | undefined;
    if (follows && deciding !== undefined && needsCustomers(plan, deciding))
      customers = new Map((await reader.category(run, deciding)).map((item) => [item.ref, item]));
    return new Assignments(dataset, request, compilePlan(plan, leaver, deciding, customers));
  }

  /** Takes in what has been read since. */
  extend(): void {
    for (let index = this.receiver.length; index < this.#dataset.data.total; index += 1) this.#assign(index);
  }

  /** All items by the name of who receives them. To be asked for when everything is here. */
  byName(): Ranked {
    if (this.#ranked) return this.#ranked;
    const { compare } = this.#dataset.collator;
    const name = (member: number): string => {
      const id = this.members[member] ?? '';
      return this.#request.names[id] ?? id;
    };
    const rank = new Int32Array(this.members.length);
    [...this.members.keys()]
      .sort((a, b) => compare(name(a), name(b)))
      .forEach((member, at) => {
        rank[member] = at;
      });
    const codes = this.receiver.map((receiver) => (receiver < 0 ? -1 : (rank[receiver] ?? -1)));
    this.#ranked = rankCodes(codes, rank.length, this.#dataset.found());
    return this.#ranked;
  }

  #assign(index: number): void {
    const { summary } = this;
    const { member, own } = this.#compiled.assign(this.#standIn(index));
    this.own.push(own ? 1 : 0);
    if (own) summary.own += 1;
    if (member === null) {
      summary.unassigned += 1;
      this.receiver.push(-1);
      this.warned.push(0);
      return;
    }
    let at = this.#memberIndex.get(member);
    if (at === undefined) {
      at = this.members.push(member) - 1;
      this.#memberIndex.set(member, at);
    }
    this.receiver.push(at);
    summary.byMember[member] = (summary.byMember[member] ?? 0) + 1;
    const suspect = this.#suspects.has(member);
    this.warned.push(suspect ? 1 : 0);
    if (suspect) summary.warned += 1;
  }

  /**
   * An item as far as a plan looks at one. Its title is the whole searchable text: a plan's searches find the same in
   * it as in the item, since no query can reach across two fields.
   */
  #standIn(index: number): Item {
    const { data, request } = this.#dataset;
    const ref = data.refs[index] ?? '';
    const customer = data.customers[data.customerOf[index] ?? -1];
    return {
      category: request.category,
      ref,
      title: data.texts[index] ?? '',
      columns: {},
      value: { member: this.#request.leaver },
      lock: ref,
      ...(customer ? { customer } : {}),
    };
  }
}
