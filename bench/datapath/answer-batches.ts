import { createInterface } from 'node:readline';

/** Says that it is ready; then for each line of its input it does so many batches, and prints what each took. */
export async function answerBatches(batches: number, batch: () => Promise<number>): Promise<void> {
	process.stdout.write('ready\n');
	for await (const _ of createInterface(process.stdin)) {
		const times: number[] = [];
		for (let count = 0; count < batches; count++) times.push(await batch());
		process.stdout.write(`${times.join(' ')}\n`);
	}
}
