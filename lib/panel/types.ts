/** The types that components need of other rooms, handed on, so that components reach for lib/panel alone. */

export type { OpenElsewhere, WatchedRun } from '../messages/elsewhere.ts';
export type { ConnectionTest, ConnectionView, Problem, Refusal } from '../messages/protocol.ts';
export type { BatchRow } from '../offboarding/batch.ts';
export type { Batch } from '../offboarding/batch-model.ts';
export type { Bypass } from '../offboarding/bypass.ts';
export type { Member } from '../offboarding/model.ts';
export type { Text } from '../text/text.ts';
export type { Access, PageIdentity } from '../workspace/port.ts';
