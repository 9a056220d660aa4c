import { createInterface } from 'node:readline';
import { sendFrom } from './agent-datagrams.ts';
import { listen } from './agent-listen.ts';
import { closeConnection, echo, openConnection, probe } from './agent-probe.ts';
import type { Answer, Answered, Asked, Question } from './messages.ts';

// The process that lives in a namespace: it reads questions from standard input and ends when that is closed.

function answer(question: Question): Promise<Answer> {
	switch (question.ask) {
		case 'listen':
			return listen(question.protocol, question.address, question.port);
		case 'probe':
			return probe(question);
		case 'open':
			return openConnection(question.connection, question);
		case 'echo':
			return echo(question.connection, question.timeout);
		case 'close':
			return closeConnection(question.connection);
		case 'send-from':
			return sendFrom(question.socket, question);
	}
}

const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
	const { id, question }: Asked = JSON.parse(line);
	const answered: Answered = { id, answer: await answer(question) };
	process.stdout.write(`${JSON.stringify(answered)}\n`);
});
lines.on('close', () => process.exit(0));
