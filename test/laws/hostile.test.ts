import { execFileSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemLines } from '../../src/cli/report.ts';
import { filledFile } from '../../src/host/nft/nft.ts';
import { intake } from '../../src/intake/intake.ts';
import type { Ruleset } from '../../src/model/ruleset.ts';
import { compileNode } from '../../src/pipeline.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { describeKernel } from '../kernel/requirements.ts';
import { rendered } from '../support/compiled.ts';
import { hostileCluster } from '../support/hostile.ts';
import { documents, settings } from '../support/objects.ts';
import { parseNow } from '../support/parse-now.ts';

const NAME = '[A-Za-z0-9][A-Za-z0-9._/-]{0,254}';

/** Every line that a ruleset may hold; nothing of an object can make another. */
const LINES = new RegExp(
	`^(?:${[
		'',
		`# nft-gen: the rules of node [a-z0-9.-]+(?: in zone [A-Za-z0-9._-]+)?; loading this file replaces them in one transaction`,
		'(?:add|delete) table ip6? nft-gen',
		'table ip6? nft-gen \\{',
		`\\t(?:set|map|chain) ${NAME} \\{`,
		'\\t*\\}',
		'\\t{1,2}comment "[^"\\\\]{0,128}"',
		'\\t\\ttype [a-z0-9_ .:-]+',
		'\\t\\tflags [a-z,]+',
		'\\t\\ttimeout \\d+s',
		'\\t\\telements = \\{',
		`\\t\\t\\t[0-9a-f.:/]+(?: \\. [0-9a-z.:/]+)*(?: comment "[^"\\\\]*")?(?: : (?:goto ${NAME}|drop))?,`,
		`\\t\\t\\t(?:tcp|udp|sctp) \\. \\d+(?: comment "[^"\\\\]*")? : (?:goto ${NAME}|drop),`,
		'\\t\\t[A-Za-z0-9 _.:/@!=&|^{},\\[\\]-]+(?: comment "[^"\\\\]*")?',
	].join('|')})$`,
);

function expectClean(text: string): void {
	expect(text).not.toMatch(/[^\P{Cc}\t\n]/u);
	expect(text.split('\n').filter((line) => !LINES.test(line))).toEqual([]);
}

function compileHostile(objects: readonly unknown[]): Ruleset | null {
	const { ruleset, problems } = compileNode(documents(...objects), settings());
	for (const line of problemLines(problems, new Map(), false)) {
		expect(line).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u);
		expect(line.length).toBeLessThan(1500);
	}
	return ruleset;
}

describe('hostile input', () => {
	it('faults 48, 55, 62, 74, 75: never throws, and never makes a line or a control character of its own', () => {
		fc.assert(
			fc.property(hostileCluster, (objects) => {
				const ruleset = compileHostile(objects);
				if (ruleset !== null) expectClean(rendered(ruleset));
				expect(({} as Record<string, unknown>).polluted).toBeUndefined();
			}),
			{ numRuns: 1000 },
		);
	});

	it('of any shape is read without a throw', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
				),
				(values) => {
					intake(documents(...values), NEWEST_BEHAVIOUR);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('of any text is parsed without a throw', () => {
		const pieces = [
			'---\n',
			'- ',
			'a: ',
			'{',
			'}',
			'[',
			']',
			'"',
			"'",
			'&a ',
			'*a',
			'!!set ',
			'!x ',
			'|\n',
			'>-\n',
			'\n',
			'  ',
			'\t',
			'# ',
			'? ',
			'<<: ',
			'%YAML 1.1\n',
			'\0',
			'ä',
			'\ud800',
			',',
			'1',
		];
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
				const { values } = parseNow(parts.join(''), false);
				intake(documents(...values), NEWEST_BEHAVIOUR);
			}),
			{ numRuns: 1000 },
		);
	});
});

describeKernel('hostile input in the kernel', () => {
	const namespace = `nftgen-${process.pid}-hostile`;
	const nft = (args: readonly string[], input = ''): string => {
		// nft 1.0.9 takes no pipe as a file.
		const file = filledFile(tmpdir(), input);
		try {
			const command = ['netns', 'exec', namespace, 'nft', ...args];
			return execFileSync('ip', command, { encoding: 'utf8', stdio: [file, 'pipe', 'pipe'] });
		} finally {
			closeSync(file);
		}
	};

	beforeAll(() => {
		execFileSync('ip', ['netns', 'add', namespace]);
		nft(
			['-f', '-'],
			'table inet canary {\n set s { typeof ip daddr; elements = { 192.0.2.1 } }\n chain c { accept comment "alive"; }\n}\n',
		);
	});

	afterAll(() => {
		execFileSync('ip', ['netns', 'delete', namespace]);
	});

	it('fault 55: makes exactly the tables, chains, sets and maps it should, and touches nothing else', () => {
		const canary = nft(['list', 'table', 'inet', 'canary']);
		fc.assert(
			fc.property(hostileCluster, (objects) => {
				const ruleset = compileHostile(objects);
				if (ruleset === null) return;
				nft(['-f', '-'], rendered(ruleset));
				expect(namesIn(nft(['-j', 'list', 'ruleset']))).toEqual([...namesOf(ruleset), ...CANARY].sort());
				expect(nft(['list', 'table', 'inet', 'canary'])).toBe(canary);
			}),
			{ numRuns: 40 },
		);
	});
});

const CANARY = ['chain inet canary c', 'set inet canary s', 'table inet canary'];

function namesOf({ tables }: Ruleset): readonly string[] {
	return tables.flatMap(({ family, name, sets, maps, chains }) => [
		`table ${family} ${name}`,
		...[...sets, ...maps, ...chains].map((each) => `${each.kind} ${family} ${name} ${each.name}`),
	]);
}

interface Listed {
	readonly family: string;
	readonly name: string;
	readonly table?: string;
}

/** What a kernel holds, but for the rules in its chains. */
function namesIn(json: string): readonly string[] {
	const { nftables } = JSON.parse(json) as { readonly nftables: readonly Readonly<Record<string, Listed>>[] };
	return nftables
		.flatMap((entry) => Object.entries(entry))
		.filter(([kind]) => kind !== 'metainfo' && kind !== 'rule')
		.map(([kind, { family, name, table }]) =>
			[kind, family, table, name].filter((part) => part !== undefined).join(' '),
		)
		.sort();
}
