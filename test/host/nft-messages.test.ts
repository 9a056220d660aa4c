import { describe, expect, it } from 'vitest';
import { parseMessages, refusal } from '../../src/host/nft/nft-messages.ts';

const FILE = '/tmp/nft-gen-a/transaction.nft';
const TEXT = 'add element ip t s { 10.0.0.1 }\nadd rule ip t nowhere drop\nadd rule ip t c drop drop\n';

describe('what nft says', () => {
	it('a place, the text there and the reason', () => {
		const stderr = [
			`${FILE}:1:22-29: Error: Could not process rule: File exists`,
			'add element ip t s { 10.0.0.1 }',
			'                     ^^^^^^^^',
			`${FILE}:2:15-21: Error: No such file or directory; did you mean chain ‘here’ in table ip ‘t’?`,
			'add rule ip t nowhere drop',
			'              ^^^^^^^',
			`${FILE}:3:22-25: Error: Statement after terminal statement has no effect`,
			'add rule ip t c drop drop',
			'                ~~~~ ^^^^',
		].join('\n');
		expect(parseMessages(stderr, FILE, TEXT)).toEqual([
			{
				severity: 'error',
				line: 1,
				column: 22,
				text: 'add element ip t s { 10.0.0.1 }',
				reason: 'EEXIST',
				message: 'Could not process rule: File exists',
			},
			{
				severity: 'error',
				line: 2,
				column: 15,
				text: 'add rule ip t nowhere drop',
				reason: 'ENOENT',
				message: 'No such file or directory; did you mean chain ‘here’ in table ip ‘t’?',
			},
			{
				severity: 'error',
				line: 3,
				column: 22,
				text: 'add rule ip t c drop drop',
				reason: 'other',
				message: 'Statement after terminal statement has no effect',
			},
		]);
	});

	// As nft 0.9 to 1.1 print them, with glibc and with musl.
	it.each([
		['netlink: Error: Could not process rule: Message too long', 'EMSGSIZE'],
		['netlink: Error: Could not process rule: Message too large', 'EMSGSIZE'],
		['Error: Could not process rule: Argument list too long', 'E2BIG'],
		['internal:0:0-0: Error: Could not process rule: No such file or directory', 'ENOENT'],
		['Error: Could not process rule: Device or resource busy', 'EBUSY'],
		['Error: Could not process rule: Resource busy', 'EBUSY'],
		['Error: Could not process rule: No space left on device', 'ENOSPC'],
		['Error: Could not process rule: Operation not permitted', 'EPERM'],
		['netlink: Error: cache initialization failed: Operation not permitted', 'EPERM'],
		['Operation not permitted (you must be root)', 'EPERM'],
		['Error: Could not process rule: Operation not supported', 'EOPNOTSUPP'],
		['Error: Could not process rule: Not supported', 'EOPNOTSUPP'],
		['Error: Unable to initialize Netlink socket: Protocol not supported', 'EOPNOTSUPP'],
		['Error: Could not process rule: Cannot allocate memory', 'ENOMEM'],
		['Error: Could not process rule: Numerical result out of range', 'ERANGE'],
		['Error: Could not process rule: Value too large for defined data type', 'EOVERFLOW'],
		['Error: Could not process rule: Too many links', 'EMLINK'],
		['Error: Could not process rule: Too many levels of symbolic links', 'ELOOP'],
		['Error: Could not process rule: Too many open files in system', 'ENFILE'],
		['Error: interval overlaps with an existing one', 'EEXIST'],
		['Error: conflicting intervals specified', 'other'],
		["nft: unrecognized option '--bogus'", 'other'],
	])('%s', (line, reason) => {
		const messages = refusal(`${line}\n\n`, FILE, TEXT);
		expect(messages).toMatchObject([{ severity: 'error', line: null, column: null, text: null, reason }]);
	});

	it('a syntax error of each release', () => {
		const stderr = `${FILE}:3:17-20: Error: syntax error, unexpected drop, expecting newline or semicolon\nadd\n  ^\n`;
		expect(parseMessages(stderr, FILE, TEXT)).toMatchObject([{ line: 3, reason: 'syntax' }]);
	});

	it('a warning is no error, and a failure without an error has one made for it', () => {
		const stderr = `${FILE}:1:1-2: Warning: the flag is deprecated\n`;
		expect(refusal(stderr, FILE, TEXT)).toMatchObject([
			{ severity: 'warning', line: 1 },
			{ severity: 'error', line: null, reason: 'other' },
		]);
	});

	it('places in other files are not ours, nor are places beyond the end', () => {
		const stderr = '/etc/other.nft:1:1-2: Error: syntax error\nx\n^\n';
		expect(parseMessages(stderr, FILE, TEXT)).toMatchObject([{ line: null, text: null, reason: 'syntax' }]);
		expect(parseMessages(`${FILE}:9:1-2: Error: x`, FILE, TEXT)).toMatchObject([{ line: 9, text: null }]);
	});

	it('long lines are cut, and not more than 64 complaints are kept', () => {
		const text = `add element ip t s { ${'10.0.0.1, '.repeat(1000)} }`;
		const stderr = `${FILE}:1:1-2: Error: x\n`.repeat(100);
		const messages = parseMessages(stderr, FILE, text);
		expect(messages).toHaveLength(64);
		expect(messages[0]?.text).toHaveLength(401);
	});
});
