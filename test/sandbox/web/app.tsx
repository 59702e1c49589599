import { useSignalEffect } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { loadSession, session } from './core/api.ts';
import { openEvents } from './core/live.ts';
import { type Address, location, navigate } from './core/location.ts';
import { followMembers } from './core/members.ts';
import { Approvals } from './pages/approvals.tsx';
import { Attributes } from './pages/attributes.tsx';
import { CustomerPage } from './pages/customer.tsx';
import { Customers } from './pages/customers.tsx';
import { DashboardPage } from './pages/dashboard.tsx';
import { Developer } from './pages/developer.tsx';
import { Insights } from './pages/insights.tsx';
import { LifecyclePage } from './pages/lifecycle.tsx';
import { Lifecycles } from './pages/lifecycles.tsx';
import { Mailboxes } from './pages/mailboxes.tsx';
import { NotFound } from './pages/not-found.tsx';
import { PlaybookPage } from './pages/playbook.tsx';
import { Playbooks } from './pages/playbooks.tsx';
import { CustomerViews, InsightViews } from './pages/saved-views.tsx';
import { Scheduled } from './pages/scheduled.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Signatures } from './pages/signatures.tsx';
import { TaskPage } from './pages/task.tsx';
import { Tasks } from './pages/tasks.tsx';
import { UserPage } from './pages/user.tsx';
import { Users } from './pages/users.tsx';
import { matchRoute, type RouteName } from './routes.ts';
import type { SessionInfo } from './types.ts';
import { Notices, QuestionDialog } from './ui/feedback.tsx';
import { Shell } from './ui/shell.tsx';

export interface PageProps {
  params: Record<string, string>;
}

const pages: Record<RouteName, FunctionComponent<PageProps>> = {
  signIn: SignIn,
  customers: Customers,
  customerViews: CustomerViews,
  customer: CustomerPage,
  tasks: Tasks,
  task: TaskPage,
  playbooks: Playbooks,
  playbook: PlaybookPage,
  lifecycles: Lifecycles,
  lifecycle: LifecyclePage,
  insights: Insights,
  insightViews: InsightViews,
  dashboard: DashboardPage,
  approvals: Approvals,
  scheduled: Scheduled,
  users: Users,
  user: UserPage,
  mailboxes: Mailboxes,
  signatures: Signatures,
  developer: Developer,
  attributes: Attributes,
};

/** The application: the sign-in page, or the shell with the page of the address. */
export function App() {
  const who = session.value;
  const { pathname } = location.value;
  const match = matchRoute(pathname);
  const member = who?.member.id;

  useEffect(() => {
    void loadSession();
  }, []);
  useEffect(() => {
    if (!member) return;
    const stopEvents = openEvents();
    const stopMembers = followMembers();
    return () => {
      stopEvents();
      stopMembers();
    };
  }, [member]);

  useSignalEffect(() => redirect(session.value, location.value));

  if (who === undefined || (who && isEntrance(pathname)))
    return <div class="boot" role="status" aria-label="Loading Mooring" />;
  if (who === null) {
    return (
      <>
        <SignIn params={{}} />
        <Notices />
      </>
    );
  }
  const Page = match ? pages[match.name] : NotFound;
  return (
    <>
      <Shell session={who} match={match}>
        <Page key={pathname} params={match?.params ?? {}} />
      </Shell>
      <Notices />
      <QuestionDialog />
    </>
  );
}

const isEntrance = (pathname: string) => pathname === '/' || pathname === '/sign-in';

/** Leads who is signed out to the sign-in page, and from there back to where they wanted to go. */
function redirect(who: SessionInfo | null | undefined, { pathname, query }: Address): void {
  if (who === null && pathname !== '/sign-in') {
    const next = pathname + window.location.search + window.location.hash;
    navigate(pathname === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`, true);
  }
  if (who && isEntrance(pathname)) {
    const next = query.get('next');
    navigate(next?.startsWith('/') && !next.startsWith('//') ? next : '/customers', true);
  }
}
