import type { PageProps } from '../app.tsx';
import { Empty } from '../ui/feedback.tsx';
import { PageHeader } from '../ui/page.tsx';

/** What stands at an address that has no page. */
export function NotFound(_props: PageProps) {
  return (
    <>
      <PageHeader title="This page does not exist" />
      <Empty icon="search">
        The address may be mistyped. <a href="/customers">Go to the customers</a>
      </Empty>
    </>
  );
}
