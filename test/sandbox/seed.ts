import type { Database } from './database.ts';
import * as words from './seed-names.ts';

export type Size = 'demo' | 'large';

/** All dates of the seed are relative to this day. */
const seedDay = '2026-11-22';
/** The member whom the demo offboards. */
export const leaverId = 'mem_03';
/** So many items name the leaver in the large workspace, all categories together. */
export const largeItems = 100_000;
/** Bearer tokens of the seed: the secret is what a client presents. */
export const adminToken = 'owt_priya_operations';

const companies = 240;
/** How much the leaver holds in the large workspace beside tasks; tasks fill up to `largeItems`. */
const large = {
  companies: 24_000,
  csm: 20_000,
  accountManager: 6_000,
  renewalLead: 3_000,
  executiveSponsor: 1_000,
};
/** What the leaver holds; tasks without the large workspace's share. */
const leaver = {
  csm: 62,
  accountManager: 25,
  openTasks: 110,
  renewalLead: 31,
  executiveSponsor: 12,
  playbookTasks: 9,
  senders: 6,
  lifecycleTasks: 7,
  dashboards: 5,
  customerViews: 8,
  insightViews: 5,
  approvals: 4,
  emails: 6,
  mailboxes: 1,
  signatures: 2,
  tokens: 2,
};
/** Who owns nothing at all and is active; who is inactive (the first still owns things). */
const idle = 'mem_40';
const inactive = ['mem_38', 'mem_39'];

/** mulberry32: a small generator whose numbers depend on the seed alone. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const base = Date.parse(`${seedDay}T00:00:00Z`);
const day = (offset: number) => new Date(base + offset * 86_400_000).toISOString().slice(0, 10);
const id = (prefix: string, number: number, width: number) =>
  `${prefix}_${String(number).padStart(width, '0')}`;

/** Fills an empty database, the same every time, in one transaction. Throws when something is there already. */
export function seed(database: Database, size: Size = 'demo'): void {
  database.transaction(() => {
    const random = generator(20261122);
    const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
    const one = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)] as T;
    const chance = (share: number) => random() < share;
    const insert = (table: string, columns: number) => {
      const marks = Array.from({ length: columns }, () => '?').join(', ');
      return database.raw.prepare(`INSERT INTO ${table} VALUES (${marks})`);
    };

    // Members.
    const member = insert('member', 8);
    const members = words.people.map(([name, title, role], index) => {
      const memberId = id('mem', index + 1, 2);
      const local = name.toLowerCase().replace(' ', '.');
      const namesake = words.people.findIndex((person) => person[0] === name) < index;
      const email = `${namesake ? local.replace('.', '.2.') : local}@acme.example`;
      const active = !inactive.includes(memberId);
      // Every fifth has no mailbox, every seventh no signature; whoever is named in the demo's story has both.
      const mailbox = memberId !== idle && active && (index < 7 || index % 5 !== 0) ? 'yes' : 'no';
      const signature = memberId !== idle && active && (index < 6 || index % 7 !== 6) ? 'yes' : 'no';
      member.run(memberId, name, email, title, role, active ? 1 : 0, mailbox, signature);
      return { id: memberId, name, email, active, mailbox, signature };
    });
    /** Who may hold the rest: everybody who holds anything, without the leaver; Ruth Calder (inactive) is one. */
    const holders = members
      .filter(({ id: m, active }) => (active || m === 'mem_38') && m !== leaverId && m !== idle)
      .map((m) => m.id)
      .slice(2);

    // Customers. The leaver's are spread over the list, not in one block.
    const total = size === 'large' ? large.companies : companies;
    const share = size === 'large' ? large : { ...leaver, companies };
    const spread = (count: number, shift: number) => {
      const chosen = new Set<number>();
      for (let index = 0; chosen.size < count; index += 1) chosen.add((index * 7 + shift) % total);
      return chosen;
    };
    const csmOf = spread(share.csm, 3);
    const managerOf = spread(share.accountManager, 1);
    const customer = insert('customer', 10);
    const customers: string[] = [];
    for (let index = 0; index < total; index += 1) {
      const customerId = id('cus', index + 1, total > 9_999 ? 5 : 4);
      const spot = (index * 7919) % (words.companyFirst.length * words.companySecond.length);
      const suffix = words.companySuffix[Math.floor(index / 2400)] ?? '';
      const name = [
        words.companyFirst[spot % words.companyFirst.length],
        words.companySecond[Math.floor(spot / words.companyFirst.length)],
        suffix,
      ]
        .join(' ')
        .trim();
      const segment = one(words.segments);
      const arr = whole(4, segment === 'Strategic' ? 400 : segment === 'Enterprise' ? 180 : 40) * 1_000;
      const csm = csmOf.has(index) ? leaverId : chance(0.03) ? null : one(holders);
      const manager = managerOf.has(index) ? leaverId : chance(0.1) ? null : one(holders);
      customer.run(
        ...[
          customerId,
          name,
          segment,
          one(words.plans),
          one(words.regions),
          arr,
          whole(12, 98),
          day(whole(5, 400)),
        ],
        ...[csm, manager],
      );
      customers.push(customerId);
    }

    // Custom attributes, of several types; only those of type user name a member.
    const attribute = insert('attribute', 3);
    for (const row of [
      ['renewal_lead', 'Renewal lead', 'user'],
      ['executive_sponsor', 'Executive sponsor', 'user'],
      ['industry', 'Industry', 'text'],
      ['seats', 'Seats', 'number'],
      ['go_live', 'Go-live date', 'date'],
      ['former_contact', 'Former contact', 'text'],
    ])
      attribute.run(...(row as [string, string, string]));
    const value = insert('attribute_value', 3);
    const leadOf = spread(share.renewalLead, 2);
    const sponsorOf = spread(share.executiveSponsor, 5);
    customers.forEach((customerId, index) => {
      if (leadOf.has(index)) value.run(customerId, 'renewal_lead', leaverId);
      else if (chance(0.6)) value.run(customerId, 'renewal_lead', one(holders));
      if (sponsorOf.has(index)) value.run(customerId, 'executive_sponsor', leaverId);
      else if (chance(0.3)) value.run(customerId, 'executive_sponsor', one(holders));
      if (index >= companies) return;
      value.run(customerId, 'industry', one(words.companySecond));
      value.run(customerId, 'seats', String(whole(5, 900)));
      value.run(customerId, 'go_live', day(-whole(30, 900)));
      // A text that happens to name the leaver: it is no ownership.
      if (index % 40 === 0) value.run(customerId, 'former_contact', 'Dana Ruiz');
    });

    // Tasks. Only open ones count, snoozed ones among them.
    const task = insert('task', 8);
    let taskNumber = 0;
    const addTask = (
      assignee: string | null,
      status: 'open' | 'done' | 'not relevant',
      customerId: string | null,
    ) => {
      taskNumber += 1;
      const snoozed = status === 'open' && chance(0.13) ? day(whole(2, 30)) : null;
      const due = status === 'done' ? day(-whole(1, 120)) : chance(0.9) ? day(whole(-14, 60)) : null;
      const taskId = id('tsk', taskNumber, total > 9_999 ? 6 : 4);
      task.run(
        taskId,
        one(words.taskTitles),
        customerId,
        assignee,
        status,
        due,
        snoozed,
        one(words.priorities),
      );
    };
    const elsewhere =
      share.csm +
      share.accountManager +
      share.renewalLead +
      share.executiveSponsor +
      leaver.playbookTasks +
      leaver.senders +
      leaver.lifecycleTasks +
      leaver.dashboards +
      leaver.customerViews +
      leaver.insightViews +
      leaver.approvals +
      leaver.emails +
      leaver.mailboxes +
      leaver.signatures +
      leaver.tokens;
    const openTasks = size === 'large' ? largeItems - elsewhere : leaver.openTasks;
    const held = customers.filter((_, index) => csmOf.has(index));
    for (let index = 0; index < openTasks; index += 1)
      addTask(leaverId, 'open', chance(0.08) ? null : chance(0.85) ? one(held) : one(customers));
    for (let index = 0; index < 44; index += 1)
      addTask(leaverId, index % 11 === 0 ? 'not relevant' : 'done', one(held));
    for (let index = 0; index < 620; index += 1) {
      const status = chance(0.6) ? 'open' : chance(0.9) ? 'done' : 'not relevant';
      addTask(chance(0.03) ? null : one(holders), status, chance(0.1) ? null : one(customers));
    }

    // Playbooks, lifecycles.
    const playbook = insert('playbook', 4);
    const step = insert('playbook_step', 7);
    const tasksLeft = { task: leaver.playbookTasks, email: leaver.senders };
    let steps = 0;
    words.playbookNames.forEach((name, index) => {
      const playbookId = id('pbk', index + 1, 2);
      playbook.run(playbookId, name, one(words.playbookTriggers), whole(0, 40));
      for (let position = 1; position <= 6; position += 1) {
        steps += 1;
        const kind = position % 3 === 0 ? 'email' : 'task';
        // The leaver's steps are the first of each playbook until all are given out.
        const theirs = position % 3 !== 2 && position < 5 && tasksLeft[kind] > 0;
        if (theirs) tasksLeft[kind] -= 1;
        const who = theirs ? leaverId : one(holders);
        const title = kind === 'email' ? one(words.playbookEmails) : one(words.playbookTasks);
        step.run(
          ...[id('stp', steps, 3), playbookId, position, kind, title],
          ...[kind === 'task' ? who : null, kind === 'email' ? who : null],
        );
      }
    });
    const lifecycle = insert('lifecycle', 2);
    const lifecycleTask = insert('lifecycle_task', 5);
    let lifecycleTasks = 0;
    words.lifecycleNames.forEach((name, index) => {
      const lifecycleId = id('lif', index + 1, 2);
      lifecycle.run(lifecycleId, name);
      for (const stage of words.lifecycleStages)
        for (const title of words.lifecycleTasks.slice(0, 3)) {
          lifecycleTasks += 1;
          const theirs = lifecycleTasks % 5 === 0 && lifecycleTasks / 5 <= leaver.lifecycleTasks;
          const who = theirs ? leaverId : one(holders);
          lifecycleTask.run(id('lft', lifecycleTasks, 3), lifecycleId, stage, title, who);
        }
    });

    // Dashboards and saved views; a dashboard that is not personal belongs to the workspace.
    const dashboard = insert('dashboard', 5);
    let dashboards = 0;
    const addDashboard = (name: string, owner: string, personal: number, sharedWith: number) => {
      dashboards += 1;
      dashboard.run(id('dsh', dashboards, 3), name, owner, personal, sharedWith);
    };
    for (let index = 0; index < leaver.dashboards; index += 1)
      addDashboard(words.dashboardNames[index] as string, leaverId, 1, index === 0 ? 0 : whole(0, 6));
    addDashboard('Company overview', leaverId, 0, 40);
    addDashboard('Board numbers', leaverId, 0, 12);
    for (const owner of holders.slice(0, 18))
      addDashboard(one(words.dashboardNames), owner, chance(0.8) ? 1 : 0, whole(0, 9));
    const view = insert('saved_view', 5);
    let views = 0;
    const addView = (area: 'customers' | 'insights', name: string, owner: string) => {
      views += 1;
      view.run(id('viw', views, 3), area, name, owner, whole(0, 8));
    };
    for (const name of words.viewNames.customers.slice(0, leaver.customerViews))
      addView('customers', name, leaverId);
    for (const name of words.viewNames.insights.slice(0, leaver.insightViews))
      addView('insights', name, leaverId);
    for (const owner of holders.slice(0, 24)) addView('customers', one(words.viewNames.customers), owner);
    for (const owner of holders.slice(8, 20)) addView('insights', one(words.viewNames.insights), owner);

    // What needs a person.
    const approval = insert('approval', 6);
    const email = insert('scheduled_email', 6);
    const addApproval = (number: number, who: string, state: string) =>
      approval.run(
        id('apr', number, 3),
        one(words.approvalSubjects),
        one(held),
        who,
        day(-whole(1, 20)),
        state,
      );
    const addEmail = (number: number, who: string, state: string) =>
      email.run(
        ...[id('eml', number, 3), one(words.emailSubjects), one(held), who],
        ...[day(state === 'sent' ? -whole(1, 30) : whole(1, 25)), state],
      );
    let number = 0;
    for (let index = 0; index < leaver.approvals; index += 1) addApproval(++number, leaverId, 'pending');
    addApproval(++number, leaverId, 'approved');
    for (const who of holders.slice(0, 9)) addApproval(++number, who, chance(0.7) ? 'pending' : 'approved');
    number = 0;
    for (let index = 0; index < leaver.emails; index += 1) addEmail(++number, leaverId, 'scheduled');
    for (let index = 0; index < 3; index += 1) addEmail(++number, leaverId, 'sent');
    for (const who of holders.slice(3, 15)) addEmail(++number, who, chance(0.7) ? 'scheduled' : 'sent');
    const mailbox = insert('mailbox', 5);
    const signature = insert('signature', 3);
    let signatures = 0;
    members.forEach((m, index) => {
      if (m.mailbox === 'yes')
        mailbox.run(
          id('mbx', index + 1, 2),
          m.email,
          index % 3 === 0 ? 'Microsoft 365' : 'Google Workspace',
          m.id,
          1,
        );
      if (m.signature !== 'yes') return;
      for (const name of m.id === leaverId ? ['Standard', 'Short reply'] : ['Standard'])
        signature.run(id('sig', ++signatures, 2), name, m.id);
    });
    // A mailbox that was disconnected long ago does not count.
    mailbox.run('mbx_90', 'dana.ruiz@old.example', 'IMAP', leaverId, 0);
    const token = insert('api_token', 8);
    token.run('tok_01', 'Operations script', 'mem_01', 'offboarding', day(-200), day(-1), 0, adminToken);
    token.run('tok_02', 'Usage export', leaverId, 'read', day(-410), day(-2), 0, 'owt_dana_export');
    token.run('tok_03', 'CRM sync', leaverId, 'read and write', day(-120), null, 0, 'owt_dana_sync');
    token.run('tok_04', 'Old import', leaverId, 'read and write', day(-700), day(-650), 1, 'owt_dana_old');
    token.run('tok_05', 'Data warehouse', 'mem_15', 'read', day(-90), day(-1), 0, 'owt_grace_warehouse');

    // A little history, so that a company's timeline is not empty.
    const timeline = database.raw.prepare(
      'INSERT INTO timeline (customer, at, actor, kind, summary) VALUES (?, ?, ?, ?, ?)',
    );
    const notes = [
      'Call with the main contact',
      'Meeting held',
      'Survey answered',
      'Email sent',
      'Health score updated',
    ];
    for (const customerId of customers.slice(0, companies))
      for (let back = whole(2, 4); back > 0; back -= 1)
        timeline.run(
          customerId,
          `${day(-back * whole(5, 11))}T0${whole(8, 9)}:15:00.000Z`,
          one(holders),
          'note',
          one(notes),
        );
  });
}
