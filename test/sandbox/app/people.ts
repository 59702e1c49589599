import { z } from 'zod';
import type { MemberRow, SandboxContext } from '../context.ts';
import { logWrite } from '../holdings.ts';
import { sendJson } from '../problem.ts';
import type { Member, SessionInfo, UserDetail } from '../web/types.ts';
import { found, memberOf } from './common.ts';
import { type AppRouter, Refusal } from './http.ts';

/** Who is signed in, the members, and what an admin may change about them. */
export function people(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const all = () => database.all<MemberRow>('SELECT * FROM member ORDER BY name, email').map(memberOf);
  const read = (id: string) =>
    found(database.get<MemberRow>('SELECT * FROM member WHERE id = ?', id), 'member');

  // The one call that needs no session: the sign-in page of a demo lists who one can be.
  app.router.get('/sign-in-options', (_request, response) => {
    const active = all().filter((member) => member.active);
    sendJson(response, 200, active);
  });

  app.on(
    'get',
    '/session',
    ({ session }): SessionInfo => ({
      member: memberOf(session.member),
      csrf: session.csrf,
      workspace: 'Acme Success',
    }),
  );

  app.on('get', '/members', (): Member[] => all());

  app.on('get', '/users/:member', (call): UserDetail => {
    const member = read(call.param('member'));
    const count = (sql: string) => database.get<{ n: number }>(sql, member.id)?.n ?? 0;
    return {
      ...memberOf(member),
      customers: count('SELECT count(*) AS n FROM customer WHERE csm = ?'),
      openTasks: count("SELECT count(*) AS n FROM task WHERE assignee = ? AND status = 'open'"),
    };
  });

  const change = z.strictObject({
    active: z.boolean().optional(),
    role: z.enum(['admin', 'manager', 'csm']).optional(),
  });
  app.admin('patch', '/users/:member', (call): Member => {
    const member = read(call.param('member'));
    const { active, role } = call.body(change);
    const losesAdmin = member.role === 'admin' && (active === false || (role && role !== 'admin'));
    if (losesAdmin && member.active === 1) {
      const others = database.get<{ n: number }>(
        "SELECT count(*) AS n FROM member WHERE role = 'admin' AND active = 1 AND id <> ?",
        member.id,
      );
      if (!others?.n) throw new Refusal(409, `${member.name} is the last active admin of this workspace.`);
    }
    if (role && role !== member.role) {
      database.run('UPDATE member SET role = ? WHERE id = ?', role, member.id);
      context.emit({ type: 'member', member: member.id });
    }
    if (active !== undefined && active !== (member.active === 1)) {
      const actor = { member: call.session.member.id, at: context.now() };
      const category = active ? 'activate' : 'deactivate';
      logWrite(database, category, member.id, { flag: !active }, { flag: active }, actor);
      context.setActive(member.id, active);
    }
    return memberOf(read(member.id));
  });

  app.admin('post', '/users/:member/reset-password', (call): { sentTo: string } => ({
    sentTo: read(call.param('member')).email,
  }));
}
