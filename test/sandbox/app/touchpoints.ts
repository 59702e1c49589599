import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import type { Approval, ScheduledEmail } from '../web/types.ts';
import { assign, type Conditions, conditions, found, logEnd, note } from './common.ts';
import { type AppRouter, type Call, Refusal } from './http.ts';

interface ApprovalRow {
  id: string;
  subject: string;
  customer: string;
  customer_name: string;
  approver: string;
  requested_on: string;
  state: string;
}
interface EmailRow {
  id: string;
  subject: string;
  customer: string;
  customer_name: string;
  sender: string;
  send_on: string;
  state: string;
}

const approvalOf = (row: ApprovalRow): Approval => ({
  id: row.id,
  subject: row.subject,
  customer: { id: row.customer, name: row.customer_name },
  approver: row.approver,
  requestedOn: row.requested_on,
});
const emailOf = (row: EmailRow): ScheduledEmail => ({
  id: row.id,
  subject: row.subject,
  customer: { id: row.customer, name: row.customer_name },
  sender: row.sender,
  sendOn: row.send_on,
});

/** Touchpoints that wait for somebody: approvals (approve, decline, reassign) and scheduled emails. */
export function touchpoints(app: AppRouter, context: SandboxContext): void {
  approvals(app, context);
  scheduledEmails(app, context);
}

function approvals(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const select = (where: Conditions) =>
    database.all<ApprovalRow>(
      `SELECT approval.*, customer.name AS customer_name FROM approval
       JOIN customer ON customer.id = approval.customer ${where.sql} ORDER BY requested_on, approval.id`,
      ...where.parameters,
    );
  const pending = (call: Call) => {
    const where = conditions();
    where.add('approval.id = ?', call.param('approval'));
    const row = found(select(where)[0], 'approval');
    if (row.state !== 'pending') throw new Refusal(409, `This approval is ${row.state} already.`);
    return row;
  };

  app.on('get', '/approvals', (call): Approval[] => {
    const where = conditions();
    where.add("approval.state = 'pending'");
    const approver = call.query('approver');
    if (approver) where.add('approval.approver = ?', approver);
    return select(where).map(approvalOf);
  });

  const reassign = z.strictObject({ approver: z.string() });
  app.on('patch', '/approvals/:approval', (call): Approval => {
    const row = pending(call);
    const { approver: to } = call.body(reassign);
    assign(context, call, {
      category: 'approvals.pending',
      ref: row.id,
      from: row.approver,
      to,
      what: 'approval',
    });
    return approvalOf(pending(call));
  });

  for (const [verb, state] of [
    ['approve', 'approved'],
    ['decline', 'declined'],
  ] as const) {
    app.on('post', `/approvals/:approval/${verb}`, (call) => {
      const row = pending(call);
      database.transaction(() => {
        database.run('UPDATE approval SET state = ? WHERE id = ?', state, row.id);
        logEnd(context, call, 'approvals.pending', row.id, row.approver);
        note(context, call, row.customer, 'touchpoint', `“${row.subject}” ${state}`);
      });
      context.emit({ type: 'owner', category: 'approvals.pending' });
    });
  }
}

function scheduledEmails(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const select = (where: Conditions) =>
    database.all<EmailRow>(
      `SELECT scheduled_email.*, customer.name AS customer_name FROM scheduled_email
       JOIN customer ON customer.id = scheduled_email.customer ${where.sql} ORDER BY send_on, scheduled_email.id`,
      ...where.parameters,
    );
  const scheduled = (call: Call) => {
    const where = conditions();
    where.add('scheduled_email.id = ?', call.param('email'));
    const row = found(select(where)[0], 'email');
    if (row.state !== 'scheduled') throw new Refusal(409, `This email is ${row.state} already.`);
    return row;
  };

  app.on('get', '/scheduled-emails', (call): ScheduledEmail[] => {
    const where = conditions();
    where.add("scheduled_email.state = 'scheduled'");
    const sender = call.query('sender');
    if (sender) where.add('scheduled_email.sender = ?', sender);
    return select(where).map(emailOf);
  });

  const change = z.strictObject({ sender: z.string().optional(), sendOn: z.iso.date().optional() });
  app.on('patch', '/scheduled-emails/:email', (call): ScheduledEmail => {
    const row = scheduled(call);
    const { sender: to, sendOn } = call.body(change);
    if (sendOn !== undefined && sendOn < context.now().slice(0, 10)) {
      throw new Refusal(422, 'Choose today or a later day.');
    }
    database.transaction(() => {
      if (to !== undefined) {
        assign(context, call, {
          category: 'emails.scheduled',
          ref: row.id,
          from: row.sender,
          to,
          what: 'email',
        });
      }
      if (sendOn !== undefined && sendOn !== row.send_on) {
        database.run('UPDATE scheduled_email SET send_on = ? WHERE id = ?', sendOn, row.id);
        note(
          context,
          call,
          row.customer,
          'touchpoint',
          `“${row.subject}” rescheduled to ${sendOn.slice(0, 10)}`,
        );
      }
    });
    context.emit({ type: 'owner', category: 'emails.scheduled' });
    return emailOf(scheduled(call));
  });

  for (const [verb, state] of [
    ['cancel', 'cancelled'],
    ['send', 'sent'],
  ] as const) {
    app.on('post', `/scheduled-emails/:email/${verb}`, (call) => {
      const row = scheduled(call);
      database.transaction(() => {
        database.run('UPDATE scheduled_email SET state = ? WHERE id = ?', state, row.id);
        logEnd(context, call, 'emails.scheduled', row.id, row.sender);
        note(context, call, row.customer, 'touchpoint', `“${row.subject}” ${state}`);
      });
      context.emit({ type: 'owner', category: 'emails.scheduled' });
    });
  }
}
