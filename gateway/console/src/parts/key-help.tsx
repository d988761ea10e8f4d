import { Dialog } from './dialog.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['1 2 3', 'Plant, inbox, workflows'],
  ['/', 'Find a twin'],
  ['j k', 'Next, previous item of the inbox (arrow keys too)'],
  ['Enter', 'Open the chosen item'],
  ['a', 'Accept, approve or answer the chosen item'],
  ['e', 'Amend the plan of the chosen item'],
  ['r', 'Reject or dismiss the chosen item'],
  ['Ctrl Enter', 'Send the form of a dialog'],
  ['Esc', 'Close a dialog'],
  ['?', 'This list'],
];

export function KeyHelp({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
