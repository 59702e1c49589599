import type { Refusal, RefusalCode } from './protocol.ts';

/** A command that was not carried out: nothing was changed, and `refusal` says why. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  /** `detail`: one sentence that names what was expected and what came. */
  constructor(code: RefusalCode, detail: string, by?: Refusal['by']) {
    super(detail);
    this.refusal = by ? { code, detail, by } : { code, detail };
  }
}
