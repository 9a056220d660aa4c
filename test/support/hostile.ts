import fc from 'fast-check';
import { endpoint, node, service, serviceCidr, slice } from './objects.ts';

// Clusters with hostile text, and values of wrong types, in any place of any object.

type Path = readonly (string | number)[];

/** Texts that would do damage in nft, a shell, a path, a terminal or JavaScript. */
const TEXTS = [
	'a;flush ruleset',
	'a\nflush ruleset',
	'a\r\nflush ruleset\n',
	'x" ; flush ruleset ; "',
	'"',
	"'",
	'\\',
	'\\"',
	'a}\ntable ip evil { chain c { } }\n#',
	'} ; add table ip evil ; {',
	'include "/etc/passwd"',
	'define x = 1',
	'$x',
	'$IFS',
	'`id`',
	'$(id)',
	'../../etc/passwd',
	'/',
	'a/b',
	'@services',
	'*',
	'# x',
	'\0',
	'a\0b',
	'\u001b[31m',
	'\u2028',
	'\u202e',
	'\ud800',
	'\ufeff',
	'ä',
	'😀',
	' ',
	'',
	'\t',
	'a b',
	'-a',
	'a-',
	'.',
	'..',
	'A',
	'drop',
	'ip',
	'table',
	'localhost',
	'010.0.0.1',
	'0x7f.1',
	'1.2.3',
	'::ffff:10.0.0.1',
	'fe80::1%eth0',
	'127.0.0.1',
	'0.0.0.0',
	'255.255.255.255',
	'224.0.0.1',
	'::',
	'::1',
	'ff02::1',
	'10.96.0.20',
	'10.0.0.0/33',
	'0.0.0.0/0',
	'::/0',
	'10.1.2.3/8',
	'1.2.3.4/',
	'10.0.0.1-10.0.0.9',
	'{ 10.0.0.1 }',
	'10.0.0.1;',
	'10.0.0.1\n',
	'10.0.0.1 , 10.0.0.2',
	'__proto__',
	'constructor',
	'toString',
	'hasOwnProperty',
	'None',
	'Local',
	'Cluster',
	'TCP',
	'tcp',
	'SCTP',
	'IPv4',
	'IPv6',
	'FQDN',
	'ExternalName',
	'ClientIP',
	'a'.repeat(64),
	'a'.repeat(253),
	'a'.repeat(300),
	`${'a'.repeat(63)}.b`,
	'x'.repeat(100_000),
	'\n'.repeat(1000),
	'{{nothing}}',
	'{{{x}}}',
	'%s%n',
	'null',
	'true',
	'~',
] as const;

const VALUES: readonly unknown[] = [
	null,
	undefined,
	true,
	false,
	0,
	-0,
	-1,
	1,
	80.5,
	65535,
	65536,
	2 ** 53,
	1e300,
	Number.NaN,
	Number.POSITIVE_INFINITY,
	Number.NEGATIVE_INFINITY,
	10n,
	[],
	[[]],
	[null],
	['x'],
	[[['deep']]],
	{},
	{ x: null },
	{ name: 'x' },
	JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
	new Date(0),
	new Date(Number.NaN),
	new Map([['a', 1]]),
	new Set([1]),
	Buffer.from('x'),
	[1, 2, 3],
	{ items: [{}] },
	{ length: 5 },
	Array(3),
];

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
	{ weight: 3, arbitrary: fc.constantFrom(...VALUES) },
	{ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
	{ weight: 1, arbitrary: fc.ipV6() },
	{ weight: 1, arbitrary: fc.anything() },
);

/** Objects in which every field that is read has a value. */
function base(): Record<string, unknown>[] {
	const ports = [
		{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 },
		{ name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 },
	];
	const spec = {
		type: 'LoadBalancer',
		externalIPs: ['198.51.100.7', '2001:db8::7'],
		loadBalancerSourceRanges: ['203.0.113.0/24', '2001:db8:1::/48'],
		externalTrafficPolicy: 'Local',
		sessionAffinity: 'ClientIP',
		sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
		ports,
	};
	const status = { loadBalancer: { ingress: [{ ip: '198.51.100.8', ipMode: 'VIP' }, { ip: '2001:db8::8' }] } };
	const metadata = { creationTimestamp: '2024-01-01T00:00:00Z', resourceVersion: '5', annotations: { a: 'b' } };
	const endpoints = [
		endpoint({ address: '10.244.1.5', node: 'n1', zones: ['a'], nodes: ['n1'] }),
		endpoint({ address: '10.244.2.5', node: 'n2', zones: ['b'], nodes: ['n2'], ready: false, terminating: true }),
	];
	return [
		node(1, 'a'),
		node(2, 'b'),
		serviceCidr('10.96.0.0/16', 'fd00:10:96::/112'),
		service('web', ['10.96.0.20', 'fd00:10:96::20'], { spec, status, metadata }),
		slice('web', endpoints, { ports }),
		slice('web', [endpoint({ address: 'fd00:10:244:1::5', node: 'n1' })], { ports }),
		service('api', ['10.96.0.21']),
	];
}

function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
	if (path.length > 0) yield path;
	if (typeof value !== 'object' || value === null) return;
	for (const [key, part] of Object.entries(value))
		yield* pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key]);
}

const PATHS = [...pathsIn(base())];

interface Change {
	readonly path: Path;
	/** as a value, as a key beside it, or as a further entry of a list */
	readonly as: 'value' | 'key';
	readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
	path: fc.constantFrom(...PATHS),
	as: fc.constantFrom('value', 'value', 'value', 'key'),
	value: hostileValue,
});

/** The base cluster with one to four hostile changes. */
export const hostileCluster: fc.Arbitrary<readonly unknown[]> = fc
	.array(change, { minLength: 1, maxLength: 4 })
	.map((changes) => changes.reduce<unknown[]>(applied, base()));

function applied(objects: unknown[], { path, as, value }: Change): unknown[] {
	let holder: unknown = objects;
	for (const part of path.slice(0, -1)) {
		if (typeof holder !== 'object' || holder === null) return objects;
		holder = Reflect.get(holder, part);
	}
	if (typeof holder !== 'object' || holder === null) return objects;
	const key =
		as === 'value'
			? (path.at(-1) ?? 0)
			: typeof value === 'symbol'
				? 'symbol'
				: String(typeof value === 'string' ? value : 'x');
	const put = as === 'value' ? value : Reflect.get(holder, path.at(-1) ?? 0);
	Object.defineProperty(holder, key, { value: put, enumerable: true, configurable: true, writable: true });
	return objects;
}
