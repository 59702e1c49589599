import { addressOf } from './address.ts';
import { load } from './load.ts';

// The wizard, beside a page or in a tab of its own, and the page of its options: the connections, and from there all
// of the wizard.
const { pathname, search } = location;
void load(pathname === '/options.html' ? { kind: 'connections' } : addressOf(new URLSearchParams(search)));
