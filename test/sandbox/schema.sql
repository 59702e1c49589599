-- The demo workspace's truth. Ids are short readable strings ("mem_07", "cus_0123"), the same after every seeding.
CREATE TABLE member (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'csm')), active INTEGER NOT NULL DEFAULT 1,
  mailbox TEXT NOT NULL CHECK (mailbox IN ('yes', 'no')), signature TEXT NOT NULL CHECK (signature IN ('yes', 'no'))
) STRICT;
CREATE TABLE session (id TEXT PRIMARY KEY, member TEXT NOT NULL REFERENCES member, csrf TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
CREATE TABLE customer (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, segment TEXT NOT NULL, plan TEXT NOT NULL, region TEXT NOT NULL, arr INTEGER NOT NULL,
  health INTEGER NOT NULL, renewal_on TEXT NOT NULL, csm TEXT REFERENCES member, account_manager TEXT REFERENCES member
) STRICT;
-- Custom attributes of companies; only those of type "user" can name a member.
CREATE TABLE attribute (key TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL CHECK (type IN ('text', 'number', 'date', 'user'))) STRICT;
CREATE TABLE attribute_value (
  customer TEXT NOT NULL REFERENCES customer, attribute TEXT NOT NULL REFERENCES attribute, value TEXT,
  PRIMARY KEY (customer, attribute)
) STRICT;
CREATE TABLE task (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, customer TEXT REFERENCES customer, assignee TEXT REFERENCES member,
  status TEXT NOT NULL CHECK (status IN ('open', 'done', 'not relevant')), due_on TEXT, snoozed_until TEXT, priority TEXT NOT NULL
) STRICT;
CREATE TABLE playbook (id TEXT PRIMARY KEY, name TEXT NOT NULL, trigger TEXT NOT NULL, running INTEGER NOT NULL) STRICT;
-- kind "task": assignee is the template's; kind "email": sender is its "from" user.
CREATE TABLE playbook_step (
  id TEXT PRIMARY KEY, playbook TEXT NOT NULL REFERENCES playbook, position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('task', 'email')), title TEXT NOT NULL,
  assignee TEXT REFERENCES member, sender TEXT REFERENCES member
) STRICT;
CREATE TABLE lifecycle (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE lifecycle_task (
  id TEXT PRIMARY KEY, lifecycle TEXT NOT NULL REFERENCES lifecycle, stage TEXT NOT NULL, title TEXT NOT NULL, assignee TEXT REFERENCES member
) STRICT;
CREATE TABLE dashboard (id TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT REFERENCES member, personal INTEGER NOT NULL, shared_with INTEGER NOT NULL) STRICT;
CREATE TABLE saved_view (id TEXT PRIMARY KEY, area TEXT NOT NULL CHECK (area IN ('customers', 'insights')), name TEXT NOT NULL, owner TEXT REFERENCES member, shared_with INTEGER NOT NULL) STRICT;
CREATE TABLE approval (id TEXT PRIMARY KEY, subject TEXT NOT NULL, customer TEXT NOT NULL REFERENCES customer, approver TEXT NOT NULL REFERENCES member, requested_on TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending') STRICT;
CREATE TABLE scheduled_email (id TEXT PRIMARY KEY, subject TEXT NOT NULL, customer TEXT NOT NULL REFERENCES customer, sender TEXT NOT NULL REFERENCES member, send_on TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'scheduled') STRICT;
CREATE TABLE mailbox (id TEXT PRIMARY KEY, address TEXT NOT NULL, provider TEXT NOT NULL, member TEXT NOT NULL REFERENCES member, connected INTEGER NOT NULL) STRICT;
CREATE TABLE signature (id TEXT PRIMARY KEY, name TEXT NOT NULL, member TEXT NOT NULL REFERENCES member) STRICT;
CREATE TABLE api_token (id TEXT PRIMARY KEY, name TEXT NOT NULL, member TEXT NOT NULL REFERENCES member, scope TEXT NOT NULL, created_on TEXT NOT NULL, last_used_on TEXT, revoked INTEGER NOT NULL DEFAULT 0,
  -- What a bearer presents; a token without one is only a line in a list.
  secret TEXT UNIQUE) STRICT;
-- What the server itself wrote when an owner or an assignee changed, with the acting member.
CREATE TABLE timeline (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT NOT NULL REFERENCES customer, at TEXT NOT NULL, actor TEXT NOT NULL REFERENCES member,
  kind TEXT NOT NULL, summary TEXT NOT NULL
) STRICT;
-- Every change of an owner that took effect, for tests: "written twice" shows here.
CREATE TABLE write_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, actor TEXT NOT NULL, category TEXT NOT NULL, ref TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, run TEXT, idempotency_key TEXT
) STRICT;
CREATE TABLE idempotency (key TEXT PRIMARY KEY, member TEXT NOT NULL, digest TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE run (
  id TEXT PRIMARY KEY, leaver TEXT NOT NULL REFERENCES member, by TEXT NOT NULL REFERENCES member, fence INTEGER NOT NULL, lease_until TEXT NOT NULL,
  open INTEGER NOT NULL, updated_at TEXT NOT NULL, record TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX run_open ON run (leaver) WHERE open = 1;
CREATE INDEX customer_csm ON customer (csm);
CREATE INDEX customer_account_manager ON customer (account_manager);
CREATE INDEX task_assignee ON task (assignee, status);
CREATE INDEX task_customer ON task (customer);
CREATE INDEX attribute_value_value ON attribute_value (attribute, value);
CREATE INDEX timeline_customer ON timeline (customer, seq);
