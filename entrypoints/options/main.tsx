import { start } from '../sidepanel/start.tsx';

// The options page: the connections, and from there all of the wizard.
void start({ kind: 'connections' });
