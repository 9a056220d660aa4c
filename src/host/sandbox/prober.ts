import { createInterface } from 'node:readline';
import type { ProbeAnswer } from '../../model/probe.ts';
import { listen } from './listen.ts';
import type { Answered, Asked } from './messages.ts';
import { sendProbe } from './send-probe.ts';

// A program of its own, which lives in a namespace and keeps it alive. It ends when its standard input is closed, and that is
// when the process that started it ends, however it does.

function tell(id: number, answer: ProbeAnswer): void {
	const answered: Answered = { id, answer };
	process.stdout.write(`${JSON.stringify(answered)}\n`);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
	const { id, question }: Asked = JSON.parse(line);
	tell(id, await (question.ask === 'listen' ? listen(question) : sendProbe(question)));
});
lines.on('close', () => process.exit(0));
// Nobody reads any more.
process.stdout.on('error', () => process.exit(0));
tell(0, { kind: 'silence' });
