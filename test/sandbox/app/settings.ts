import type { SandboxContext } from '../context.ts';
import type { ApiToken, AttributeSummary, Mailbox, Signature } from '../web/types.ts';
import { conditions, found, logEnd } from './common.ts';
import { type AppRouter, type Call, Refusal } from './http.ts';

type MailboxRow = Omit<Mailbox, 'connected'> & { connected: number };
interface TokenRow {
  id: string;
  name: string;
  member: string;
  scope: string;
  created_on: string;
  last_used_on: string | null;
  revoked: number;
}

const mailboxOf = (row: MailboxRow): Mailbox => ({ ...row, connected: row.connected === 1 });
// Without the secret: it was shown once, when the token was made.
const tokenOf = (row: TokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  member: row.member,
  scope: row.scope,
  createdOn: row.created_on,
  lastUsedOn: row.last_used_on,
  revoked: row.revoked === 1,
});

/** Settings that belong to one member each: mailboxes, signatures, API tokens; and the list of attributes. */
export function settings(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const ofMember = (call: Call) => {
    const where = conditions();
    const member = call.query('member');
    if (member) where.add('member = ?', member);
    return where;
  };
  /** Members change what is theirs; admins change everybody's. */
  const mayChange = (call: Call, member: string) => {
    if (call.session.member.role !== 'admin' && call.session.member.id !== member) {
      throw new Refusal(403, 'Only admins can change what belongs to somebody else.');
    }
  };

  app.on('get', '/mailboxes', (call): Mailbox[] => {
    const where = ofMember(call);
    return database
      .all<MailboxRow>(
        `SELECT * FROM mailbox ${where.sql} ORDER BY connected DESC, address, id`,
        ...where.parameters,
      )
      .map(mailboxOf);
  });
  app.on('post', '/mailboxes/:mailbox/disconnect', (call) => {
    const row = found(
      database.get<MailboxRow>('SELECT * FROM mailbox WHERE id = ?', call.param('mailbox')),
      'mailbox',
    );
    mayChange(call, row.member);
    if (row.connected === 0) return;
    database.transaction(() => {
      database.run('UPDATE mailbox SET connected = 0 WHERE id = ?', row.id);
      logEnd(context, call, 'mailboxes.connected', row.id, row.member);
      database.run(
        `UPDATE member SET mailbox = 'no' WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM mailbox WHERE mailbox.member = ? AND connected = 1)`,
        row.member,
        row.member,
      );
    });
    context.emit({ type: 'owner', category: 'mailboxes.connected' });
    context.emit({ type: 'member', member: row.member });
  });

  app.on('get', '/signatures', (call): Signature[] => {
    const where = ofMember(call);
    return database.all(`SELECT * FROM signature ${where.sql} ORDER BY name, id`, ...where.parameters);
  });
  app.on('delete', '/signatures/:signature', (call) => {
    const row = found(
      database.get<Signature>('SELECT * FROM signature WHERE id = ?', call.param('signature')),
      'signature',
    );
    mayChange(call, row.member);
    database.transaction(() => {
      database.run('DELETE FROM signature WHERE id = ?', row.id);
      logEnd(context, call, 'signatures', row.id, row.member);
      database.run(
        `UPDATE member SET signature = 'no' WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM signature WHERE signature.member = ?)`,
        row.member,
        row.member,
      );
    });
    context.emit({ type: 'owner', category: 'signatures' });
    context.emit({ type: 'member', member: row.member });
  });

  app.on('get', '/tokens', (call): ApiToken[] => {
    const where = ofMember(call);
    return database
      .all<TokenRow>(
        `SELECT * FROM api_token ${where.sql} ORDER BY revoked, created_on DESC, id`,
        ...where.parameters,
      )
      .map(tokenOf);
  });
  app.on('post', '/tokens/:token/revoke', (call) => {
    const row = found(
      database.get<TokenRow>('SELECT * FROM api_token WHERE id = ?', call.param('token')),
      'API token',
    );
    mayChange(call, row.member);
    if (row.revoked === 1) return;
    database.transaction(() => {
      database.run('UPDATE api_token SET revoked = 1 WHERE id = ?', row.id);
      logEnd(context, call, 'tokens.api', row.id, row.member);
    });
    context.emit({ type: 'owner', category: 'tokens.api' });
  });

  app.on('get', '/attributes', (): AttributeSummary[] =>
    database.all(
      `SELECT key, name, type,
         (SELECT count(*) FROM attribute_value WHERE attribute_value.attribute = attribute.key AND value IS NOT NULL) AS used
       FROM attribute ORDER BY name`,
    ),
  );
}
