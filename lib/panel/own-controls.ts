import { createModel, effect, signal } from '@preact/signals';
import type { Refusal, Reply, Request } from '../messages/protocol.ts';
import type { OwnControl } from '../workspace/own-controls.ts';
import { writeControls } from '../workspace/own-controls-file.ts';
import type { PanelDependencies } from './dependencies.ts';

type ControlCommand = 'control.list' | 'control.add' | 'control.remove' | 'control.import';
/** What a look at the page showed: how many it finds there, or that it is another page or none. */
export type Shown = { kind: 'found'; count: number } | { kind: 'elsewhere' } | { kind: 'noTab' };

/** The controls of one connection that an admin has pointed at: point, look, take along as a file, bring from one. */
export const OwnControls = createModel(
  (dependencies: PanelDependencies, about: { connection: string; origin: string }) => {
    const controls = signal<readonly OwnControl[]>([]);
    const refusal = signal<Refusal | undefined>(undefined);
    const shown = signal<Shown | undefined>(undefined);
    const pointing = signal(false);

    const take = async <C extends ControlCommand>(
      command: C,
      request: Omit<Request<C>, 'connection'>,
    ): Promise<boolean> => {
      const reply = (await dependencies.send(command, {
        ...request,
        connection: about.connection,
      } as Request<C>)) as Reply<'control.list'>;
      refusal.value = reply.ok ? undefined : reply.refusal;
      if (reply.ok) controls.value = reply.value.controls;
      return reply.ok;
    };
    const look = async (which: readonly OwnControl[]): Promise<void> => {
      const seen = (await dependencies.inPage(about.origin, {
        mode: 'show',
        text: dependencies.text('control_showing'),
        controls: [...which],
      })) as { here: boolean; count: number } | null | undefined;
      shown.value = !seen
        ? { kind: 'noTab' }
        : seen.here
          ? { kind: 'found', count: seen.count }
          : { kind: 'elsewhere' };
    };
    effect(() => {
      void take('control.list', {});
    });

    return {
      controls,
      refusal,
      shown,
      pointing,
      /** The admin clicks the control in the page; the page hears nothing of that. Then all that it finds is shown. */
      async point(): Promise<void> {
        shown.value = undefined;
        pointing.value = true;
        const pointed = await dependencies
          .inPage(about.origin, { mode: 'point', text: dependencies.text('control_pointing'), controls: [] })
          .finally(() => {
            pointing.value = false;
          });
        if (pointed === undefined) shown.value = { kind: 'noTab' };
        if (!pointed) return;
        // What a page had described is checked where it arrives.
        const added = await take('control.add', { pointed } as Omit<Request<'control.add'>, 'connection'>);
        if (added) await look(controls.peek().slice(-1));
      },
      look,
      async remove(control: string): Promise<void> {
        shown.value = undefined;
        await take('control.remove', { control });
      },
      export(): void {
        dependencies.save('offboarding-controls.json', writeControls(controls.peek()));
      },
      async import(text: string): Promise<void> {
        shown.value = undefined;
        await take('control.import', { text });
      },
    };
  },
);
