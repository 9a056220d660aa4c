import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** What a line of the log looks like: JSON for programs, or words. */
export type LogFormat = 'json' | 'text';

/** A log on a stream. Names of objects are data: in words they lose what could move the cursor or fake a line. */
export function newLog(stream: NodeJS.WritableStream, format: LogFormat, level: string): Log {
	const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
	return pino(
		{ ...options, formatters: { level: (label: string) => ({ level: label }) } },
		format === 'json' ? stream : inWords(stream),
	);
}

function inWords(stream: NodeJS.WritableStream) {
	return { write: (line: string) => stream.write(`${words(line)}\n`) };
}

function words(line: string): string {
	const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
	const facts = Object.entries(rest).map(
		([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
	);
	const text = [time, String(level).toUpperCase(), msg, ...facts].join(' ');
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
