/** Why nft or the kernel refused something: the kernel's error, or what kind of complaint of nft it is. */
export type NftReason =
	| 'ENOENT'
	| 'EEXIST'
	| 'EBUSY'
	| 'ENOSPC'
	| 'EMSGSIZE'
	| 'E2BIG'
	| 'EPERM'
	| 'EINVAL'
	| 'EOPNOTSUPP'
	| 'ENOMEM'
	| 'ENOBUFS'
	| 'EAGAIN'
	| 'EINTR'
	| 'ERANGE'
	| 'EOVERFLOW'
	| 'EMLINK'
	| 'ELOOP'
	| 'ENFILE'
	| 'EMFILE'
	| 'EAFNOSUPPORT'
	| 'syntax'
	| 'other';

/** One complaint of nft. */
export interface NftMessage {
	readonly severity: 'error' | 'warning';
	/** Where in the text, counted from 1; null when nft does not say or the place is not in it. */
	readonly line: number | null;
	readonly column: number | null;
	/** That line, cut when it is long; null without one. */
	readonly text: string | null;
	readonly reason: NftReason;
	/** What nft says. */
	readonly message: string;
}

// The texts of the errors in the locale C: glibc's, and musl's where they differ.
const REASONS: readonly (readonly [RegExp, NftReason])[] = [
	[/no such file or directory/i, 'ENOENT'],
	[/file exists|interval overlaps with an existing one/i, 'EEXIST'],
	[/(?:device or )?resource busy/i, 'EBUSY'],
	[/no space left on device/i, 'ENOSPC'],
	[/message too (?:long|large)/i, 'EMSGSIZE'],
	[/argument list too long/i, 'E2BIG'],
	[/operation not permitted|must be root|permission denied/i, 'EPERM'],
	[/invalid argument/i, 'EINVAL'],
	[/(?:operation|protocol) not supported|\bnot supported$/i, 'EOPNOTSUPP'],
	[/cannot allocate memory|out of memory|memory allocation failure/i, 'ENOMEM'],
	[/no buffer space available/i, 'ENOBUFS'],
	[/resource temporarily unavailable/i, 'EAGAIN'],
	[/interrupted system call/i, 'EINTR'],
	[/numerical result out of range|result not representable/i, 'ERANGE'],
	[/value too large for (?:defined )?data type/i, 'EOVERFLOW'],
	[/too many links/i, 'EMLINK'],
	[/too many levels of symbolic links|symbolic link loop/i, 'ELOOP'],
	[/too many open files in system/i, 'ENFILE'],
	[/(?:too many open files|no file descriptors available)$/i, 'EMFILE'],
	[/address family not supported/i, 'EAFNOSUPPORT'],
	[/syntax error/i, 'syntax'],
];

/** So many are kept; each statement of a transaction can have one. */
const MOST_MESSAGES = 64;
const MOST_TEXT = 400;

/** A first line, such as `/tmp/x.nft:3:21-29: Error: …`, `netlink: Error: …`, `Error: …`; two more lines show the place. */
const FIRST_LINE =
	/^(?:(?<file>.*?):(?<line>\d+):(?<column>\d+)-\d+: )?(?:netlink: )?(?<severity>Error|Warning): (?<message>.*)$/;

/** Lines that nft writes without the word Error. */
const BARE_LINE = /not permitted|must be root|netlink socket|unrecognized option|invalid option|not compiled|scanner/i;

/**
 * Reads what nft wrote to standard error, in the formats of nft 0.9 to 1.1, called in the locale C.
 * @param file the file that nft read, as it was named to it
 * @param text what was in it
 */
export function parseMessages(stderr: string, file: string, text: string): readonly NftMessage[] {
	const messages: NftMessage[] = [];
	let lines: readonly string[] | null = null;
	for (const each of stderr.split('\n')) {
		if (messages.length === MOST_MESSAGES) break;
		const found = FIRST_LINE.exec(each)?.groups;
		if (found === undefined) {
			if (BARE_LINE.test(each)) messages.push(message('error', each, null, null, null));
			continue;
		}
		const severity = found.severity === 'Warning' ? 'warning' : 'error';
		if (found.file !== file || found.line === undefined) {
			messages.push(message(severity, found.message ?? '', null, null, null));
			continue;
		}
		lines ??= text.split('\n');
		const line = Number(found.line);
		messages.push(message(severity, found.message ?? '', line, Number(found.column), lines[line - 1] ?? null));
	}
	return messages;
}

/** Whatever a failed nft said, there is a message: where it has none of its own, one is made of its output. */
export function refusal(stderr: string, file: string, text: string): readonly NftMessage[] {
	const messages = parseMessages(stderr, file, text);
	if (messages.some(({ severity }) => severity === 'error')) return messages;
	const said = stderr.trim();
	const made = message('error', said === '' ? 'nft failed and did not say why' : said, null, null, null);
	return [...messages, { ...made, reason: 'other' }];
}

function message(
	severity: NftMessage['severity'],
	said: string,
	line: number | null,
	column: number | null,
	text: string | null,
): NftMessage {
	const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'other';
	return { severity, line, column, text: cut(text), reason, message: cut(said) ?? '' };
}

function cut(text: string | null): string | null {
	return text !== null && text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}
